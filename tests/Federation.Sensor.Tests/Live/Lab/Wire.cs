using System.Net;
using System.Net.Sockets;
using Federation.Sensor.Live;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>One veth pair in a namespace of its own: <c>tap0</c>, which is watched, and <c>vm0</c>, a VM's end of it.</summary>
public sealed class Wire : IDisposable
{
    private readonly List<Socket> senders = [];

    public Wire()
    {
        AddPair("tap0", "vm0");
        FromVm = SenderOn("vm0");
        ToVm = SenderOn("tap0");
    }

    public static CapturePoint Tap { get; } = new("tap0", CaptureSide.Tap);

    public NamespaceThread Host { get; } = new();

    /// <summary>Sends frames as they are from the VM: they come in at tap0.</summary>
    public Socket FromVm { get; }

    /// <summary>Sends frames as they are to the VM: they go out at tap0.</summary>
    public Socket ToVm { get; }

    /// <summary>Adds another pair.</summary>
    public void AddPair(string tap, string vm)
    {
        Host.Ip($"link add {tap} type veth peer name {vm}", $"link set {tap} up", $"link set {vm} up");
        Host.AwaitUp(tap);
        Host.AwaitUp(vm);
    }

    /// <summary>A socket that sends whole frames on an interface.</summary>
    public Socket SenderOn(string name) => Host.Run(() =>
    {
        // Protocol 0: it receives nothing.
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, 0);
        senders.Add(socket);
        socket.Bind(new LinkEndPoint((int)LibC.InterfaceIndex(name)));
        return socket;
    });

    public void Dispose()
    {
        senders.ForEach(socket => socket.Dispose());
        Host.Dispose();
    }

    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
