using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace Federation.Sensor.Spool;

/// <summary>What a segment of a spool consists of: one of four.</summary>
internal abstract record SegmentRecord
{
    private SegmentRecord()
    {
    }

    /// <summary>Reports that wait for the service.</summary>
    public sealed record Reports(SpoolEntry Entry) : SegmentRecord;

    /// <summary>The service has answered for these entries.</summary>
    public sealed record Acknowledged(ImmutableArray<long> Ids) : SegmentRecord;

    /// <summary>These entries may have reached the service: they must go again as they are, merged they would count twice.</summary>
    public sealed record Attempted(ImmutableArray<long> Ids) : SegmentRecord;

    /// <summary>This segment has all that is still needed of another one.</summary>
    public sealed record Replaces(long Segment) : SegmentRecord;
}

/// <summary>Records in a segment: length (4 bytes), checksum (CRC-32C, 4 bytes), content. Numbers are little-endian.</summary>
internal static class SegmentCodec
{
    private const int FrameLength = 8;

    /// <summary>Where a record is in its segment.</summary>
    public readonly record struct Place(long Offset, int Length);

    /// <summary>Writes a record.</summary>
    public static byte[] Write(SegmentRecord record)
    {
        using var stream = new MemoryStream();
        stream.Position = FrameLength;
        using var to = new BinaryWriter(stream);
        switch (record)
        {
            case SegmentRecord.Reports reports:
                to.Write((byte)1);
                EntryCodec.Write(to, reports.Entry);
                break;
            case SegmentRecord.Acknowledged acknowledged:
                WriteNumbers(to, 2, acknowledged.Ids);
                break;
            case SegmentRecord.Attempted attempted:
                WriteNumbers(to, 3, attempted.Ids);
                break;
            case SegmentRecord.Replaces replaces:
                WriteNumbers(to, 4, [replaces.Segment]);
                break;
        }

        to.Flush();
        var bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - FrameLength);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), ChecksumOf(bytes.AsSpan(FrameLength)));
        return bytes;
    }

    /// <summary>Reads the record at a place that <see cref="ReadAll"/> told.</summary>
    /// <exception cref="IOException">What is there now is another thing.</exception>
    public static SegmentRecord Read(byte[] record) =>
        ReadAll(record, out _) is [var (found, _)] ? found : throw new IOException("the spool was changed or damaged while it was in use");

    /// <summary>The records from the start to the first one that is torn or damaged.</summary>
    /// <param name="segment">All bytes of a segment.</param>
    /// <param name="good">How many of them those records take.</param>
    public static IReadOnlyList<(SegmentRecord Record, Place Place)> ReadAll(byte[] segment, out int good)
    {
        var records = new List<(SegmentRecord, Place)>();
        good = 0;
        while (segment.Length - good > FrameLength)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(segment.AsSpan(good));
            var isWhole = length > 0 && length <= segment.Length - good - FrameLength;
            if (!isWhole || Content(segment, good, length) is not { } record)
            {
                break;
            }

            records.Add((record, new Place(good, FrameLength + length)));
            good += FrameLength + length;
        }

        return records;
    }

    private static SegmentRecord? Content(byte[] segment, int at, int length)
    {
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(segment.AsSpan(at + 4));
        if (checksum != ChecksumOf(segment.AsSpan(at + FrameLength, length)))
        {
            return null;
        }

        using var from = new BinaryReader(new MemoryStream(segment, at + FrameLength, length));
        return from.ReadByte() switch
        {
            1 => new SegmentRecord.Reports(EntryCodec.Read(from)),
            2 => new SegmentRecord.Acknowledged(ReadNumbers(from)),
            3 => new SegmentRecord.Attempted(ReadNumbers(from)),
            4 => new SegmentRecord.Replaces(ReadNumbers(from)[0]),
            _ => null,
        };
    }

    private static void WriteNumbers(BinaryWriter to, byte kind, ImmutableArray<long> numbers)
    {
        to.Write(kind);
        to.Write7BitEncodedInt(numbers.Length);
        foreach (var number in numbers)
        {
            to.Write7BitEncodedInt64(number);
        }
    }

    private static ImmutableArray<long> ReadNumbers(BinaryReader from)
    {
        var numbers = new long[from.Read7BitEncodedInt()];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = from.Read7BitEncodedInt64();
        }

        return [.. numbers];
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> content)
    {
        var checksum = uint.MaxValue;
        for (; content.Length >= sizeof(ulong); content = content[sizeof(ulong)..])
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(content));
        }

        foreach (var b in content)
        {
            checksum = BitOperations.Crc32C(checksum, b);
        }

        return ~checksum;
    }
}
