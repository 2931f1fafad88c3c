using System.Buffers.Binary;
using System.Globalization;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>The frames of a classic pcap file: micro- or nanoseconds, either byte order, and the headers with more fields of old Linux.</summary>
internal sealed class ClassicFrames : IFrameSource
{
    private const int HeaderLength = 24;
    private const int RecordLength = 16;
    private const int ModifiedRecordLength = 24;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const uint Modified = 0xA1B2CD34;

    private readonly ByteWindow input;
    private readonly bool isBigEndian;
    private readonly int recordLength;
    private readonly LinkType link;
    private readonly uint perSecond;
    private long read;

    private ClassicFrames(ByteWindow input, uint magic, bool isBigEndian, LinkType link)
    {
        (this.input, this.isBigEndian, this.link) = (input, isBigEndian, link);
        recordLength = magic == Modified ? ModifiedRecordLength : RecordLength;
        perSecond = magic == Nanoseconds ? 1_000_000_000U : 1_000_000U;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<LinkType> Links => [link];

    /// <inheritdoc/>
    public string? Damage { get; private set; }

    /// <inheritdoc/>
    public long Mistimed { get; private set; }

    /// <summary>Reads the header.</summary>
    /// <exception cref="FormatException">It is cut, or of another version.</exception>
    public static ClassicFrames Open(ByteWindow input, uint magic, bool isBigEndian)
    {
        const int majorAt = 4, linkAt = 20;
        if (!input.TryPeek(HeaderLength, out var header))
        {
            throw new FormatException("it ends within its header");
        }

        var major = isBigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(header[majorAt..])
            : BinaryPrimitives.ReadUInt16LittleEndian(header[majorAt..]);
        if (major != 2)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"its pcap version is {major}, not 2"));
        }

        // The bits above say how long a checksum each frame ends with.
        var link = (LinkType)(ushort)UInt32(header[linkAt..], isBigEndian);
        input.Advance(HeaderLength);
        return new ClassicFrames(input, magic, isBigEndian, link);
    }

    /// <inheritdoc/>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (!input.TryPeek(recordLength, out var record))
        {
            Damage = record.IsEmpty ? null : $"it ends within the header of frame {read + 1}";
            return false;
        }

        var (seconds, fraction) = (UInt32(record, isBigEndian), UInt32(record[4..], isBigEndian));
        var (kept, length) = (UInt32(record[8..], isBigEndian), UInt32(record[12..], isBigEndian));
        if (kept > CaptureFormats.MostFrameBytes)
        {
            Damage = $"frame {read + 1} says that {kept} bytes of it were kept, more than any frame has";
            return false;
        }

        if (!input.TryPeek(recordLength + (int)kept, out var whole))
        {
            Damage = $"it ends within frame {read + 1}";
            return false;
        }

        frame = new Frame { Link = link, Interface = 0, Ticks = TicksOf(seconds, fraction), Length = length, Data = whole[recordLength..] };
        input.Advance(recordLength + (int)kept);
        read++;
        return true;
    }

    // A fraction of more than a second is nonsense; its second need not be.
    private long TicksOf(uint seconds, uint fraction)
    {
        if (fraction >= perSecond)
        {
            Mistimed++;
            fraction = 0;
        }

        return DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (perSecond == 1_000_000U ? fraction * 10L : fraction / 100);
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) => isBigEndian
        ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
