namespace Federation.Sensor.Captures;

/// <summary>A capture file's bytes: the file's own, or what they unpack to.</summary>
internal sealed class CaptureSource : IDisposable
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    private readonly UnpackedStream? unpacked;

    private CaptureSource(Stream content) => (Content, unpacked) = (content, content as UnpackedStream);

    /// <summary>The bytes.</summary>
    public Stream Content { get; }

    /// <summary>What was wrong with a compressed file, as far as it was read; null if nothing.</summary>
    public string? Damage => unpacked?.Damage;

    /// <summary>Looks at a file's first bytes to find out how to read it.</summary>
    /// <exception cref="CaptureException">There is no such file, or it cannot be read, or is empty.</exception>
    public static CaptureSource Open(string path)
    {
        var file = OpenFile(path);
        try
        {
            return new CaptureSource(StartsWithGzip(file, path) ? new UnpackedStream(file) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CaptureException(path, "is a directory; name one capture file in it");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureException(path, "there is no such file", missing);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CaptureException(path, $"cannot be opened ({refused.Message})", refused);
        }
    }

    private static bool StartsWithGzip(FileStream file, string path)
    {
        if (!file.CanSeek)
        {
            throw new CaptureException(path, "is a pipe or a device; write the capture to a file first");
        }

        Span<byte> head = stackalloc byte[GzipMagic.Length];
        var read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read > 0
            ? head[..read].SequenceEqual(GzipMagic)
            : throw new CaptureException(path, "is empty; a pcap or pcapng file is wanted, gzipped or not");
    }
}
