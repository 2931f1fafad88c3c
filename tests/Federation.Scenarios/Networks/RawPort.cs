using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Federation.Scenarios.Sensors;

namespace Federation.Scenarios.Networks;

/// <summary>Sends and receives whole Ethernet frames on one interface.</summary>
internal sealed class RawPort : IDisposable
{
    private const int AllFrames = 0x0003;
    private readonly Socket socket;
    private readonly LinkEndPoint end;

    public RawPort(NetworkNamespace space, string device)
    {
        end = new(int.Parse(space.Exec("cat", $"/sys/class/net/{device}/ifindex"), CultureInfo.InvariantCulture));
        socket = space.Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder((short)AllFrames));
        socket.Bind(end);
    }

    public void Send(byte[] frame) => socket.SendTo(frame, end).ShouldBeAll(frame.Length);

    /// <summary>The frames that have come, up to and with the first that is one.</summary>
    public async Task<List<byte[]>> Until(Func<byte[], bool> isLast, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var (frames, buffer) = (new List<byte[]>(), new byte[65536]);
        do
        {
            frames.Add(buffer[..await socket.ReceiveAsync(buffer, SocketFlags.None, limit.Token)]);
        }
        while (!isLast(frames[^1]));
        return frames;
    }

    /// <summary>The frames that have come by now.</summary>
    public List<byte[]> Drain()
    {
        var (frames, buffer) = (new List<byte[]>(), new byte[65536]);
        while (socket.Poll(TimeSpan.Zero, SelectMode.SelectRead))
        {
            frames.Add(buffer[..socket.Receive(buffer)]);
        }

        return frames;
    }

    public void Dispose() => socket.Dispose();

    // struct sockaddr_ll: family, protocol, interface.
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20) { [2] = AllFrames >> 8, [3] = AllFrames & 0xff };
            for (var octet = 0; octet < 4; octet++)
            {
                address[4 + octet] = (byte)(index >> (8 * octet));
            }

            return address;
        }

        public override EndPoint Create(SocketAddress socketAddress) => this;
    }
}

/// <summary>All or nothing.</summary>
internal static class Whole
{
    public static void ShouldBeAll(this int sent, int length)
    {
        if (sent != length)
        {
            throw new IOException($"{sent} bytes of {length} were sent");
        }
    }
}
