namespace Federation.Sensor.Captures;

/// <summary>Where libpcap reads a capture from: the file itself, or a pipe into which the file is decompressed.</summary>
internal sealed class CaptureSource : IDisposable
{
    private static readonly byte[] GzipMagic = [0x1F, 0x8B];
    private readonly DecompressingPipe? pipe;

    private CaptureSource(string name, DecompressingPipe? pipe) => (Name, this.pipe) = (name, pipe);

    /// <summary>A path that can be opened once.</summary>
    public string Name { get; }

    /// <summary>Looks at a file's first bytes to find out how to read it.</summary>
    /// <exception cref="CaptureException">There is no such file, or it cannot be read, or is empty.</exception>
    public static CaptureSource Open(string path)
    {
        var file = OpenFile(path);
        try
        {
            if (!StartsWithGzip(file, path))
            {
                file.Dispose();
                return new CaptureSource(path, null);
            }

            var pipe = new DecompressingPipe(file);
            return new CaptureSource(pipe.Name, pipe);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>To be called when libpcap has opened <see cref="Name"/>.</summary>
    public void Opened() => pipe?.ReaderOpened();

    /// <summary>To be called when libpcap has closed it: what was wrong with the compressed file, null if nothing.</summary>
    public string? Finish() => pipe?.Finish();

    /// <inheritdoc/>
    public void Dispose() => pipe?.Dispose();

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CaptureException(path, "is a directory; name one capture file in it");
        }

        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
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
