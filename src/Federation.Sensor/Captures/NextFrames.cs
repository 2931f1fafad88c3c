using System.Buffers.Binary;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>The frames of a pcapng file: any number of sections and interfaces, each interface with its link type and unit of time.</summary>
/// <remarks>Format: draft-ietf-opsawg-pcapng. Blocks of other kinds are passed over.</remarks>
internal sealed class NextFrames : IFrameSource
{
    private const uint SectionBlock = 0x0A0D0D0A;
    private const uint InterfaceBlock = 1;
    private const uint OldPacketBlock = 2;
    private const uint SimplePacketBlock = 3;
    private const uint PacketBlock = 6;
    private const int HeaderLength = 8;
    private const int LeastLength = 12;

    private readonly ByteWindow input;
    private readonly List<NextInterface> interfaces = [];
    private readonly List<LinkType> links = [];
    private bool isBigEndian;
    private int firstOfSection;
    private long read;
    private long place;

    private NextFrames(ByteWindow input) => this.input = input;

    /// <inheritdoc/>
    public IReadOnlyCollection<LinkType> Links => links;

    /// <inheritdoc/>
    public string? Damage { get; private set; }

    /// <inheritdoc/>
    public long Mistimed { get; private set; }

    /// <summary>Reads up to the first interface.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static NextFrames Open(ByteWindow input)
    {
        var source = new NextFrames(input);
        while (source.links.Count == 0)
        {
            if (!source.TryNextBlock(out var type, out var body))
            {
                throw new FormatException(source.Damage ?? "it ends before its first interface");
            }

            if (type is PacketBlock or OldPacketBlock or SimplePacketBlock)
            {
                throw new FormatException("a frame comes before its first interface");
            }

            source.Take(type, body);
        }

        return source;
    }

    /// <inheritdoc/>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        while (Damage is null && TryNextBlock(out var type, out var body))
        {
            if (type is PacketBlock or OldPacketBlock or SimplePacketBlock)
            {
                return TryFrame(type, body, out frame);
            }

            Take(type, body);
        }

        return false;
    }

    private bool TryNextBlock(out uint type, out ReadOnlySpan<byte> body)
    {
        type = 0;
        body = default;
        if (!input.TryPeek(LeastLength, out var header))
        {
            Damage = header.IsEmpty ? null : "it ends within a block's header";
            return false;
        }

        type = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (type == SectionBlock && !TryByteOrder(header[HeaderLength..]))
        {
            return false;
        }

        type = UInt32(header);
        var length = UInt32(header[4..]);
        if (length < LeastLength || length % 4 != 0)
        {
            Damage = $"the block at byte {place} says that it has {length} bytes";
            return false;
        }

        place += length;
        return Frames(type) ? TryPeekBlock(length, out body) : TrySkipBlock(length, ref body);
    }

    private static bool Frames(uint type) => type is PacketBlock or OldPacketBlock or SimplePacketBlock or InterfaceBlock or SectionBlock;

    private bool TryPeekBlock(uint length, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (length > ByteWindow.MostBytes)
        {
            Damage = $"the block before byte {place} says that it has {length} bytes, more than any frame has";
            return false;
        }

        if (!input.TryPeek((int)length, out var block))
        {
            Damage = read == 0 ? "it ends within a block" : $"it ends within the block after frame {read}";
            return false;
        }

        if (UInt32(block[^4..]) != length)
        {
            Damage = $"the block before byte {place} says at its end that it is of another length than at its start";
            return false;
        }

        body = block[HeaderLength..^4];
        input.Advance((int)length);
        return true;
    }

    private bool TrySkipBlock(uint length, ref ReadOnlySpan<byte> body)
    {
        body = default;
        Damage = input.TrySkip(length) ? null : $"it ends within the block after frame {read}";
        return Damage is null;
    }

    private bool TryByteOrder(ReadOnlySpan<byte> magic)
    {
        const uint ours = 0x1A2B3C4D, other = 0x4D3C2B1A;
        var number = BinaryPrimitives.ReadUInt32LittleEndian(magic);
        isBigEndian = number == other;
        Damage = number is ours or other ? null : $"the section at byte {place} has no byte order";
        return Damage is null;
    }

    /// <summary>Takes a block that holds no frame.</summary>
    private void Take(uint type, ReadOnlySpan<byte> body)
    {
        if (type == SectionBlock)
        {
            firstOfSection = interfaces.Count;
        }
        else if (type == InterfaceBlock)
        {
            if (NextInterface.Read(body, isBigEndian) is { } named)
            {
                interfaces.Add(named);
                links.Add(named.Link);
            }
            else
            {
                Damage = $"the interface before byte {place} is described as none can be";
            }
        }
    }

    private bool TryFrame(uint type, ReadOnlySpan<byte> body, out Frame frame)
    {
        frame = default;
        var head = type == SimplePacketBlock ? 4 : 20;
        if (body.Length < head)
        {
            Damage = $"frame {read + 1} ends within its header";
            return false;
        }

        var number = type switch { SimplePacketBlock => 0, PacketBlock => (long)UInt32(body), _ => UInt16(body) };
        if (firstOfSection + number >= interfaces.Count)
        {
            Damage = $"frame {read + 1} is of interface {number}, which the file does not name";
            return false;
        }

        var on = firstOfSection + (int)number;
        var known = interfaces[on];
        var length = UInt32(body[(head - 4)..]);
        var kept = type == SimplePacketBlock ? SimpleLength(length, known, body.Length - head) : UInt32(body[12..]);
        if (kept > body.Length - head)
        {
            Damage = $"frame {read + 1} says that {kept} bytes of it were kept, more than its block has";
            return false;
        }

        frame = new Frame
        {
            Link = known.Link,
            Interface = on,
            Ticks = type == SimplePacketBlock ? FrameTime.Unknown : TicksOf(known, body),
            Length = length,
            Data = body.Slice(head, (int)kept),
        };
        read++;
        return true;
    }

    private static uint SimpleLength(uint length, in NextInterface known, int room) =>
        Math.Min(Math.Min(length, known.SnapLength == 0 ? uint.MaxValue : known.SnapLength), (uint)room);

    private long TicksOf(in NextInterface known, ReadOnlySpan<byte> body)
    {
        var ticks = known.Unit.Ticks(((ulong)UInt32(body[4..]) << 32) | UInt32(body[8..]));
        Mistimed += ticks == FrameTime.Unknown ? 1 : 0;
        return ticks;
    }

    private ushort UInt16(ReadOnlySpan<byte> bytes) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint UInt32(ReadOnlySpan<byte> bytes) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
