using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Federation.Sensor.Live.Sockets;

/// <summary>A packet socket (AF_PACKET): sees every frame of one interface, in and out, from <see cref="Bind(int)"/> on.</summary>
/// <remarks>It belongs to the network namespace of the thread that opened it.</remarks>
internal sealed unsafe class PacketSocket : IDisposable
{
    private const int PacketFamily = 17;
    private const int Raw = 3;
    private const int CloseOnExec = 0x80000;
    private const int PacketLevel = 263;
    private const int AddMembership = 1;
    private const ushort Promiscuous = 1;
    private const ushort AllProtocols = 0x0003;

    private PacketSocket(SafeFileHandle handle) => Handle = handle;

    /// <summary>The descriptor.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens a socket that receives nothing yet, so that filter and ring are in place before the first frame.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static PacketSocket Open()
    {
        var descriptor = LibC.Socket(PacketFamily, Raw | CloseOnExec, 0);
        return descriptor >= 0
            ? new PacketSocket(new SafeFileHandle(descriptor, ownsHandle: true))
            : throw NativeFault.Last("opening a packet socket", "CAP_NET_RAW");
    }

    /// <summary>A socket that an image of the process, or a process, before this one has opened.</summary>
    public static PacketSocket Adopt(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: true));

    /// <summary>Sets an option of the packet level.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void Set<T>(int option, T value, string what)
        where T : unmanaged => Set(PacketLevel, option, value, what);

    /// <summary>Sets an option of any level.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void Set<T>(int level, int option, T value, string what)
        where T : unmanaged
    {
        if (LibC.SetOption(Handle, level, option, &value, (uint)sizeof(T)) < 0)
        {
            throw NativeFault.Last(what);
        }
    }

    /// <summary>Reads an option of the packet level.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public T Get<T>(int option, string what)
        where T : unmanaged
    {
        T value;
        var length = (uint)sizeof(T);
        return LibC.GetOption(Handle, PacketLevel, option, &value, &length) >= 0 ? value : throw NativeFault.Last(what);
    }

    /// <summary>Lets frames in that are for others: a bridge then passes up what it forwards, once.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void MakePromiscuous(int index) =>
        Set(AddMembership, new Membership { Index = index, Type = Promiscuous }, "making the interface promiscuous");

    /// <summary>Receives from now on what the interface sends and receives.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void Bind(int index) => Bind(index, AllProtocols);

    /// <summary>Receives nothing from now on, whoever else holds it open; when it returns, the kernel is done with every frame that it had begun.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public void Unbind(int index) => Bind(index, 0);

    /// <summary>Stops receiving; when it returns, the kernel is done with every frame that it had begun.</summary>
    public void Dispose() => Handle.Dispose();

    private void Bind(int index, ushort protocol)
    {
        var address = new LinkAddress { Family = PacketFamily, Protocol = BigEndian(protocol), Index = index };
        if (LibC.Bind(Handle, &address, (uint)sizeof(LinkAddress)) < 0)
        {
            throw NativeFault.Last("binding a packet socket to the interface");
        }
    }

    private static ushort BigEndian(ushort value) =>
        BitConverter.IsLittleEndian ? System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value) : value;

    [StructLayout(LayoutKind.Explicit, Size = 20)]
    private struct LinkAddress
    {
        [FieldOffset(0)]
        public ushort Family;

        [FieldOffset(2)]
        public ushort Protocol;

        [FieldOffset(4)]
        public int Index;
    }

    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct Membership
    {
        [FieldOffset(0)]
        public int Index;

        [FieldOffset(4)]
        public ushort Type;
    }
}
