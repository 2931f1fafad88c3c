using System.Buffers.Binary;
using Federation.Sensor.Headers;

namespace Federation.Sensor.Captures;

/// <summary>The frames of a capture, in the file's order.</summary>
internal interface IFrameSource
{
    /// <summary>The link types of the interfaces that the file has named so far.</summary>
    IReadOnlyCollection<LinkType> Links { get; }

    /// <summary>Why there was no further frame, fit to show to a user; null if the file ends there, or has not ended.</summary>
    string? Damage { get; }

    /// <summary>Frames so far whose time stamp cannot be.</summary>
    long Mistimed { get; }

    /// <summary>Reads the next frame; false if there is none.</summary>
    bool TryRead(out Frame frame);
}

/// <summary>Tells the formats of captures by their first bytes.</summary>
internal static class CaptureFormats
{
    /// <summary>Bytes of the longest frame that is believed: as libpcap has it.</summary>
    public const int MostFrameBytes = 1 << 18;

    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const uint Modified = 0xA1B2CD34;
    private const uint Next = 0x0A0D0D0A;

    /// <summary>Reads the header.</summary>
    /// <exception cref="FormatException">It is no capture; the message says what it is, if that is known.</exception>
    public static IFrameSource Open(ByteWindow input)
    {
        if (!input.TryPeek(sizeof(uint), out var magic))
        {
            throw new FormatException("it ends within its header");
        }

        var number = BinaryPrimitives.ReadUInt32LittleEndian(magic);
        return (number, BinaryPrimitives.ReverseEndianness(number)) switch
        {
            (Next, _) => NextFrames.Open(input),
            (Microseconds or Nanoseconds or Modified, _) => ClassicFrames.Open(input, number, isBigEndian: false),
            (_, Microseconds or Nanoseconds or Modified) => ClassicFrames.Open(input, BinaryPrimitives.ReverseEndianness(number), isBigEndian: true),
            _ => throw new FormatException(NameOf(number) ?? $"it begins with {Convert.ToHexStringLower(magic)}"),
        };
    }

    // The first four bytes, the first one lowest.
    private static string? NameOf(uint magic) => magic switch
    {
        0xFD2FB528 => "it is compressed by zstd: unpack it first",
        0x184D2204 => "it is compressed by lz4: unpack it first",
        0x587A37FD => "it is compressed by xz: unpack it first",
        0x04034B50 => "it is a zip archive: unpack it first",
        _ when (magic & 0xFFFFFF) == 0x685A42 => "it is compressed by bzip2: unpack it first",
        0x6F6F6E73 => "it is a capture of snoop: convert it with 'editcap -F pcap'",
        0x55424D47 => "it is a capture of Microsoft Network Monitor: convert it with 'editcap -F pcap'",
        0x1C0001AC or 0xAC01001C or 0x1C0001AB or 0xAB01001C => "it is a capture of an IXIA analyzer: convert it with 'editcap -F pcap'",
        _ => null,
    };
}
