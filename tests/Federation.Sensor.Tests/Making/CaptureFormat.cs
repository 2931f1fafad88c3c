using System.Buffers.Binary;
using System.IO.Compression;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Tests.Making;

/// <summary>The ways to write a capture file.</summary>
public sealed record CaptureFormat(bool IsNext, bool IsBigEndian, bool IsNanosecond, bool IsGzip, LinkType Link)
{
    public const int HeaderLength = 24;
    private const int RecordHeaderLength = 16;

    /// <summary>Of pcapng files, the link types of further interfaces.</summary>
    public LinkType[] Further { get; init; } = [];

    /// <summary>Behind how many frames the further interfaces are named.</summary>
    public int FurtherAfter { get; init; }

    public static readonly CaptureFormat Classic = new(false, false, false, false, LinkType.Ethernet);

    /// <summary>The file's bytes, and before compression the places at which its frames end, the header's end first.</summary>
    public (byte[] File, int[] Ends) Write(IEnumerable<MadeFrame> frames)
    {
        var file = new List<byte>(IsNext ? NextHeader() : ClassicHeader());
        var ends = new List<int> { file.Count };
        foreach (var (number, frame) in frames.Index())
        {
            file.AddRange(IsNext && number == FurtherAfter ? Further.SelectMany(Port) : []);
            file.AddRange(IsNext ? NextRecord(frame) : ClassicRecord(frame));
            ends.Add(file.Count);
        }

        return (IsGzip ? Gzip([.. file]) : [.. file], [.. ends]);
    }

    private static byte[] Gzip(byte[] content)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return file.ToArray();
    }

    private byte[] ClassicHeader() =>
    [
        .. UInt32(IsNanosecond ? 0xA1B23C4D : 0xA1B2C3D4), .. UInt16(2), .. UInt16(4),
        .. UInt32(0), .. UInt32(0), .. UInt32(65535), .. UInt32((uint)Link),
    ];

    private byte[] ClassicRecord(MadeFrame frame)
    {
        var fraction = frame.Microseconds % 1_000_000 * (IsNanosecond ? 1000 : 1);
        byte[] header =
        [
            .. UInt32((uint)(frame.Microseconds / 1_000_000)), .. UInt32((uint)fraction),
            .. UInt32((uint)frame.Data.Length), .. UInt32((uint)frame.Length),
        ];
        return header.Length == RecordHeaderLength ? [.. header, .. frame.Data] : throw new InvalidOperationException();
    }

    private byte[] NextHeader()
    {
        byte[] section = [.. UInt32(0x1A2B3C4D), .. UInt16(1), .. UInt16(0), .. UInt32(uint.MaxValue), .. UInt32(uint.MaxValue)];
        return [.. Block(0x0A0D0D0A, section), .. Port(Link)];
    }

    private byte[] Port(LinkType link)
    {
        byte[] resolution = [.. UInt16(9), .. UInt16(1), 9, 0, 0, 0, .. UInt32(0)];
        return Block(1, [.. UInt16((ushort)link), .. UInt16(0), .. UInt32(65535), .. IsNanosecond ? resolution : []]);
    }

    private byte[] NextRecord(MadeFrame frame)
    {
        var units = (ulong)frame.Microseconds * (IsNanosecond ? 1000UL : 1UL);
        byte[] padding = new byte[(4 - (frame.Data.Length % 4)) % 4];
        return Block(6,
        [
            .. UInt32((uint)frame.Interface), .. UInt32((uint)(units >> 32)), .. UInt32((uint)units),
            .. UInt32((uint)frame.Data.Length), .. UInt32((uint)frame.Length), .. frame.Data, .. padding,
        ]);
    }

    private byte[] Block(uint type, byte[] body)
    {
        var length = UInt32((uint)(body.Length + 12));
        return [.. UInt32(type), .. length, .. body, .. length];
    }

    private byte[] UInt16(ushort value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, IsBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return bytes;
    }

    private byte[] UInt32(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, IsBigEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
        return bytes;
    }
}
