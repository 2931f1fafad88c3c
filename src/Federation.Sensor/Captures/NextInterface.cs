using System.Buffers.Binary;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>An interface as a pcapng file describes it.</summary>
/// <param name="Link">What its frames begin with.</param>
/// <param name="SnapLength">How much of a frame was kept at most; 0: all.</param>
/// <param name="Unit">How it counts time.</param>
internal readonly record struct NextInterface(LinkType Link, uint SnapLength, TimeUnit Unit)
{
    private const int HeaderLength = 8;
    private const ushort EndOption = 0;
    private const ushort ResolutionOption = 9;
    private const ushort OffsetOption = 14;
    private const byte Microseconds = 6;

    /// <summary>Reads the body of an interface's block; null if it is none.</summary>
    public static NextInterface? Read(ReadOnlySpan<byte> body, bool isBigEndian)
    {
        if (body.Length < HeaderLength)
        {
            return null;
        }

        var (resolution, offset) = (Microseconds, 0L);
        var options = body[HeaderLength..];
        while (options.Length >= 4 && UInt16(options, isBigEndian) is var kind and not EndOption)
        {
            int length = UInt16(options[2..], isBigEndian);
            var padded = 4 + ((length + 3) & ~3);
            if (options.Length < padded)
            {
                return null;
            }

            (resolution, offset) = (kind, length) switch
            {
                (ResolutionOption, >= 1) => (options[4], offset),
                (OffsetOption, >= 8) => (resolution, Int64(options[4..], isBigEndian)),
                _ => (resolution, offset),
            };
            options = options[padded..];
        }

        return TimeUnit.Of(resolution, offset) is { } unit
            ? new NextInterface((LinkType)UInt16(body, isBigEndian), UInt32(body[4..], isBigEndian), unit)
            : null;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes, bool isBigEndian) =>
        isBigEndian ? BinaryPrimitives.ReadInt64BigEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
}
