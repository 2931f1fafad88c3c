using System.Buffers.Binary;

namespace Federation.Actuation.Qemu;

/// <summary>What a disk image's first bytes tell. Source: QEMU's description of the qcow2 format.</summary>
internal static class DiskFormat
{
    private const int HeaderBytes = 104;
    private const uint Magic = 0x514649FB;
    private const ulong ExternalData = 1 << 2;

    /// <summary><c>qcow2</c>, or <c>raw</c> for anything else.</summary>
    public static string Of(string file) => IsQcow2(Header(file)) ? "qcow2" : "raw";

    /// <summary>Whether an image has parts in other files, a backing file or its data.</summary>
    public static bool RefersToFiles(string file)
    {
        var header = Header(file);
        return IsQcow2(header) && (BinaryPrimitives.ReadUInt64BigEndian(header[8..]) != 0
            || (BinaryPrimitives.ReadUInt32BigEndian(header[4..]) >= 3 && (BinaryPrimitives.ReadUInt64BigEndian(header[72..]) & ExternalData) != 0));
    }

    private static bool IsQcow2(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32BigEndian(header) == Magic;

    private static Span<byte> Header(string file)
    {
        var header = new byte[HeaderBytes];
        using var stream = File.OpenRead(file);
        stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        return header;
    }
}
