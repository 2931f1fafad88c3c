using System.Runtime.InteropServices;
using Federation.Sensor.Live.Sockets;

namespace Federation.Sensor.Live.Ring;

/// <summary>The memory that a packet socket's ring is in, shared with the kernel.</summary>
internal sealed unsafe class RingMemory : IDisposable
{
    /// <summary>Bytes of a block; some 1,500 frames that are cut to their headers fit.</summary>
    public const int BlockBytes = 1 << 18;

    private const int VersionOption = 10;
    private const int RingOption = 5;
    private const int Version3 = 2;
    private const int FrameBytes = 1 << 11;
    
    /// <summary>How long a frame may lie in a block that is not full: short enough for a cut to wait for, long enough not to keep waking up.</summary>
    private const uint BlockMilliseconds = 64;

    private const int ReadWrite = 3;
    private const int Shared = 1;

    private readonly byte* start;

    private RingMemory(byte* start, int blocks)
    {
        this.start = start;
        Blocks = blocks;
    }

    /// <summary>How many blocks there are.</summary>
    public int Blocks { get; }

    /// <summary>Gives a socket a ring and maps it.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static RingMemory Map(PacketSocket socket, int blocks)
    {
        socket.Set(VersionOption, Version3, "asking for a version 3 ring");
        var request = new Request
        {
            BlockBytes = BlockBytes,
            Blocks = (uint)blocks,
            FrameBytes = FrameBytes,
            Frames = (uint)(BlockBytes / FrameBytes * blocks),
            Milliseconds = BlockMilliseconds,
        };
        socket.Set(RingOption, request, "making a packet ring");
        var start = LibC.Map(null, (nuint)blocks * BlockBytes, ReadWrite, Shared, socket.Handle, 0);
        return (nint)start != -1 ? new RingMemory((byte*)start, blocks) : throw NativeFault.Last("mapping a packet ring");
    }

    /// <summary>A block's header.</summary>
    public BlockHeader* Block(int at) => (BlockHeader*)(start + ((nint)at * BlockBytes));

    /// <summary>Whether the kernel has handed the block over, to be read.</summary>
    public static bool IsOurs(BlockHeader* block) => (Volatile.Read(ref block->Status) & BlockHeader.User) != 0;

    /// <summary>Lets the kernel fill the block again.</summary>
    public static void GiveBack(BlockHeader* block) => Volatile.Write(ref block->Status, 0);

    /// <summary>Unmaps it.</summary>
    public void Dispose() => _ = LibC.Unmap(start, (nuint)Blocks * BlockBytes);

    /// <summary>What comes before a block's frames: tpacket_block_desc.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 48)]
    internal struct BlockHeader
    {
        public const uint User = 1;

        [FieldOffset(8)]
        public uint Status;

        [FieldOffset(12)]
        public uint Frames;

        [FieldOffset(16)]
        public uint FirstFrame;
    }

    [StructLayout(LayoutKind.Explicit, Size = 28)]
    private struct Request
    {
        [FieldOffset(0)]
        public uint BlockBytes;

        [FieldOffset(4)]
        public uint Blocks;

        [FieldOffset(8)]
        public uint FrameBytes;

        [FieldOffset(12)]
        public uint Frames;

        [FieldOffset(16)]
        public uint Milliseconds;
    }
}
