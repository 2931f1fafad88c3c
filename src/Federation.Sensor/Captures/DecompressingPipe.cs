using System.IO.Compression;
using System.IO.Pipes;

namespace Federation.Sensor.Captures;

/// <summary>An anonymous pipe that a thread of its own fills with what a gzipped file holds.</summary>
/// <remarks>
/// libpcap reads named files only; Linux gives the pipe's end a name below /proc. The pipe holds 64 KiB, then its writer
/// waits: memory stays the same however long the capture, and decompressing and counting run side by side.
/// </remarks>
internal sealed class DecompressingPipe : IDisposable
{
    private const int ChunkBytes = 64 * 1024;
    private readonly AnonymousPipeServerStream writer = new(PipeDirection.Out, HandleInheritability.None);
    private readonly Task<string?> pump;

    /// <summary>Starts to decompress; owns the file.</summary>
    public DecompressingPipe(FileStream file)
    {
        Name = $"/proc/self/fd/{writer.ClientSafePipeHandle.DangerousGetHandle()}";
        pump = Task.Factory.StartNew(
            () => Pump(file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The reading end; to be opened before <see cref="ReaderOpened"/>.</summary>
    public string Name { get; }

    /// <summary>Gives up this process's own reading end, so that the writer learns when the reader has closed its.</summary>
    public void ReaderOpened() => writer.DisposeLocalCopyOfClientHandle();

    /// <summary>Waits for the thread, the reader having closed: what was wrong with the file, null if nothing.</summary>
    /// <exception cref="IOException">The file could not be read.</exception>
    public string? Finish()
    {
        ReaderOpened();
        return pump.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ReaderOpened();
        ((IAsyncResult)pump).AsyncWaitHandle.WaitOne();
    }

    private string? Pump(FileStream file)
    {
        using (writer)
        using (file)
        using (var content = new GZipStream(file, CompressionMode.Decompress))
        {
            var chunk = new byte[ChunkBytes];
            try
            {
                for (int read; (read = content.Read(chunk)) > 0 && TryWrite(chunk.AsSpan(0, read));)
                {
                }

                return null;
            }
            catch (InvalidDataException damage)
            {
                return $"the gzip stream is cut or damaged ({damage.Message.TrimEnd('.')})";
            }
        }
    }

    /// <summary>False if the reader has closed its end: it has seen enough.</summary>
    private bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        try
        {
            writer.Write(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
