using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Federation.Host.Networks.Dhcp;

/// <summary>Packet sockets on taps that get what a VM sends to a DHCP server, and nothing else. Source: packet(7), socket(7).</summary>
internal static class TapSocket
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;
    private const short AllProtocols = 3;

    // IPv4, UDP, no later fragment, to port 67: its first 2,048 bytes.
    private static readonly (ushort Code, byte IfTrue, byte IfFalse, uint Constant)[] Questions =
    [
        (0x28, 0, 0, 12), (0x15, 0, 8, 0x0800), (0x30, 0, 0, 23), (0x15, 0, 6, 17), (0x28, 0, 0, 20), (0x45, 4, 0, 0x1fff),
        (0xb1, 0, 0, 14), (0x48, 0, 0, 16), (0x15, 0, 1, 67), (0x06, 0, 0, 2048), (0x06, 0, 0, 0),
    ];

    /// <summary>Opens one.</summary>
    /// <param name="tap">The tap.</param>
    /// <exception cref="IOException">There is no such tap.</exception>
    /// <exception cref="SocketException">The system refused.</exception>
    public static Socket Open(string tap)
    {
        var index = int.Parse(File.ReadAllText($"/sys/class/net/{tap}/ifindex"), CultureInfo.InvariantCulture);
        return Bind(new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified), index);
    }

    /// <summary>Makes of a packet socket that receives nothing yet one on a tap.</summary>
    /// <param name="socket">The socket; disposed of where this fails.</param>
    /// <param name="index">The tap's number.</param>
    /// <exception cref="SocketException">The system refused.</exception>
    public static Socket Bind(Socket socket, int index)
    {
        try
        {
            Filter(socket);
            socket.Bind(new LinkEndPoint(index));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Filter(Socket socket)
    {
        var code = new byte[8 * Questions.Length];
        foreach (var (number, (operation, ifTrue, ifFalse, constant)) in Questions.Index())
        {
            var at = code.AsSpan(8 * number);
            MemoryMarshal.Write(at, operation);
            (at[2], at[3]) = (ifTrue, ifFalse);
            MemoryMarshal.Write(at[4..], constant);
        }

        var pinned = GCHandle.Alloc(code, GCHandleType.Pinned);
        try
        {
            var program = new byte[16];
            MemoryMarshal.Write(program.AsSpan(), (ushort)Questions.Length);
            MemoryMarshal.Write(program.AsSpan(8), (ulong)pinned.AddrOfPinnedObject());
            socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        finally
        {
            pinned.Free();
        }
    }

    // struct sockaddr_ll: family, protocol in network order, the interface's number.
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BinaryPrimitives.WriteInt16BigEndian(address.Buffer.Span[2..], AllProtocols);
            MemoryMarshal.Write(address.Buffer.Span[4..], index);
            return address;
        }

        public override EndPoint Create(SocketAddress socketAddress) => this;
    }
}
