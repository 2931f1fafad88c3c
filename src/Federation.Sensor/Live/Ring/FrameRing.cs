using System.Runtime.InteropServices;
using Federation.Sensor.Live.Points;
using Federation.Sensor.Live.Reading;
using Federation.Sensor.Live.Sockets;
using Federation.Sensor.Live.Tables;

namespace Federation.Sensor.Live.Ring;

/// <summary>One interface's frames, cut to their headers, in blocks of memory that the kernel fills and this process reads in place.</summary>
/// <remarks>
/// TPACKET_V3, as in the kernel's packet_mmap document. The kernel numbers the frames that it has stored by its statistics, and they lie in
/// the ring in that order: so a window is cut at a frame, however late that frame is read. Not safe for use by several threads.
/// </remarks>
internal sealed unsafe class FrameRing : IFrameFeed
{
    private const int StatisticsOption = 6;

    private readonly PacketSocket socket;
    private readonly RingMemory memory;
    private readonly int index;
    private readonly FrameKeyReader keys;
    private int block;
    private long read;
    private long stored;
    private long mark;

    private FrameRing(PacketSocket socket, RingMemory memory, int index, FrameKeyReader keys) =>
        (this.socket, this.memory, this.index, this.keys) = (socket, memory, index, keys);

    /// <inheritdoc/>
    public int Descriptor => (int)socket.Handle.DangerousGetHandle();

    /// <inheritdoc/>
    public bool IsReadToMark => read >= mark;

    /// <summary>Opens a ring that begins to fill at once.</summary>
    /// <param name="point">What to watch.</param>
    /// <param name="found">Its interface.</param>
    /// <param name="options">Bytes of the ring, and what to read of a frame.</param>
    /// <exception cref="IOException">The system refused.</exception>
    public static FrameRing Open(CapturePoint point, EthernetInterface found, LiveCaptureOptions options)
    {
        var socket = PacketSocket.Open();
        var keys = new FrameKeyReader(options.Inner);
        try
        {
            SnapFilter.Keep(socket.Handle, keys.Snap);
            var memory = RingMemory.Map(socket, options.BufferBytes / RingMemory.BlockBytes);
            if (point.Side == CaptureSide.Bridge)
            {
                socket.MakePromiscuous(found.Index);
            }

            socket.Bind(found.Index);
            return new FrameRing(socket, memory, found.Index, keys);
        }
        catch (IOException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public long Mark()
    {
        var statistics = socket.Get<Statistics>(StatisticsOption, "reading the ring's statistics");
        stored += statistics.Packets - statistics.Drops;
        mark = stored;
        return statistics.Drops;
    }

    /// <inheritdoc/>
    public void Unmark() => mark = 0;

    /// <inheritdoc/>
    public void ReadInto(TallyTable before, TallyTable after)
    {
        // Once around at most: whoever wants to cut must get his turn however fast frames come.
        for (var left = memory.Blocks; left > 0; left--)
        {
            var header = memory.Block(block);
            if (!RingMemory.IsOurs(header))
            {
                return;
            }

            var frame = (byte*)header + header->FirstFrame;
            var count = header->Frames;
            var early = (uint)Math.Clamp(mark - read, 0, count);
            frame = Count(before, frame, early);
            Count(after, frame, count - early);
            read += count;
            RingMemory.GiveBack(header);
            block = (block + 1) % memory.Blocks;
        }
    }

    /// <summary>Closes it; what was not read is lost.</summary>
    public void Dispose()
    {
        memory.Dispose();
        socket.Dispose();
    }

    private byte* Count(TallyTable table, byte* frame, uint count)
    {
        for (; count > 0; count--)
        {
            var header = (FrameHeader*)frame;
            var data = new ReadOnlySpan<byte>(frame + header->MacAt, (int)header->Kept);
            var tunnel = keys.Read(data, index, header->PacketType == FrameHeader.Outgoing, out var key);

            // The kernel keeps a frame's outer tag apart from its bytes; on the wire it is one of them.
            var tag = (header->Status & FrameHeader.HasVlanTag) != 0 ? FrameKeyReader.TagLength : 0;
            table.Count(in key, tunnel > 0 ? header->Length - tunnel : header->Length + tag);
            frame += header->Next;
        }

        return frame;
    }

    [StructLayout(LayoutKind.Explicit, Size = 12)]
    private struct Statistics
    {
        [FieldOffset(0)]
        public uint Packets;

        [FieldOffset(4)]
        public uint Drops;
    }

    /// <summary>What comes before each frame: tpacket3_hdr and, after it, sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 68)]
    private struct FrameHeader
    {
        public const uint HasVlanTag = 1 << 4;
        public const byte Outgoing = 4;

        [FieldOffset(0)]
        public uint Next;

        [FieldOffset(12)]
        public uint Kept;

        [FieldOffset(16)]
        public uint Length;

        [FieldOffset(20)]
        public uint Status;

        [FieldOffset(24)]
        public ushort MacAt;

        [FieldOffset(58)]
        public byte PacketType;
    }
}
