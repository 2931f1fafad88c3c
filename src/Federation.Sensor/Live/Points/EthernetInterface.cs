using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Points;

/// <summary>A network interface of this host whose frames have Ethernet headers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Index">Its number; another interface that comes later under the same name has another.</param>
internal readonly record struct EthernetInterface(string Name, int Index)
{
    private const nuint GetHardware = 0x8927;
    private const ushort Ethernet = 1;

    /// <summary>Looks an interface up, in the caller's network namespace.</summary>
    /// <exception cref="IOException">There is none of that name, or its frames are not Ethernet's.</exception>
    public static EthernetInterface Find(string name)
    {
        var index = IndexOf(name);
        if (index == 0)
        {
            throw new IOException("there is no interface of that name on this host");
        }

        using var socket = PacketSocket.Open();
        var hardware = HardwareOf(socket, name);
        return hardware is Ethernet
            ? new EthernetInterface(name, index)
            : throw new IOException($"it is no Ethernet interface (hardware type {hardware}); no other can be watched");
    }

    /// <summary>The number of the interface of that name; 0 if there is none.</summary>
    public static int IndexOf(string name) => (int)LibC.InterfaceIndex(name);

    private static unsafe ushort HardwareOf(PacketSocket socket, string name)
    {
        var request = default(Request);
        Encoding.UTF8.GetBytes(name, request.Name);
        return LibC.Control(socket.Handle, GetHardware, &request) < 0
            ? throw NativeFault.Last("asking for the interface's kind")
            : request.Hardware;
    }

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    private struct Request
    {
        [FieldOffset(0)]
        public NameBytes Name;

        [FieldOffset(16)]
        public ushort Hardware;
    }

    [InlineArray(16)]
    private struct NameBytes
    {
        private byte first;
    }
}
