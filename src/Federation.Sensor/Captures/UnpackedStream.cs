using System.Collections.Concurrent;
using System.IO.Compression;

namespace Federation.Sensor.Captures;

/// <summary>What a gzipped file holds, unpacked by a thread of its own, a few buffers ahead of whoever reads.</summary>
/// <remarks>A damaged file is one that ends where the damage is: <see cref="Damage"/> tells it from a whole one.</remarks>
internal sealed class UnpackedStream : Stream
{
    private const int ChunkBytes = 1 << 18;
    private const int Chunks = 4;

    private readonly BlockingCollection<Chunk> full = [];
    private readonly BlockingCollection<Chunk> empty = [];
    private readonly CancellationTokenSource stop = new();
    private readonly Task pump;
    private Chunk? current;
    private string? damage;
    private bool isReadToEnd;

    /// <summary>Begins to unpack; owns the file.</summary>
    public UnpackedStream(FileStream file)
    {
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            empty.Add(new Chunk());
        }

        pump = Task.Factory.StartNew(() => Pump(file), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What was wrong with the file, once everything before that was read; null if nothing.</summary>
    public string? Damage => isReadToEnd ? damage : null;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk failed underneath.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (current is null && !full.TryTake(out current, Timeout.Infinite))
        {
            pump.GetAwaiter().GetResult();
            isReadToEnd = true;
            return 0;
        }

        var taken = Math.Min(count, current.End - current.Start);
        current.Bytes.AsSpan(current.Start, taken).CopyTo(buffer.AsSpan(offset));
        current.Start += taken;
        if (current.Start == current.End)
        {
            empty.Add(current);
            current = null;
        }

        return taken;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Stops the thread and closes the file.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stop.Cancel();
            ((IAsyncResult)pump).AsyncWaitHandle.WaitOne();
            stop.Dispose();
            full.Dispose();
            empty.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Pump(FileStream file)
    {
        try
        {
            using (file)
            using (var content = new GZipStream(file, CompressionMode.Decompress))
            {
                while (TryUnpack(content))
                {
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever reads has seen enough.
        }
        finally
        {
            full.CompleteAdding();
        }
    }

    /// <summary>Fills one buffer and hands it over; false at the end, or at the damage.</summary>
    private bool TryUnpack(GZipStream content)
    {
        var chunk = empty.Take(stop.Token);
        var goesOn = true;
        (chunk.Start, chunk.End) = (0, 0);
        while (goesOn && chunk.End < ChunkBytes)
        {
            try
            {
                var read = content.Read(chunk.Bytes, chunk.End, ChunkBytes - chunk.End);
                chunk.End += read;
                goesOn = read > 0;
            }
            catch (InvalidDataException fault)
            {
                damage = $"the gzip stream is cut or damaged ({fault.Message.TrimEnd('.')})";
                goesOn = false;
            }
        }

        if (chunk.End > 0)
        {
            full.Add(chunk);
        }

        return goesOn;
    }

    /// <summary>A buffer and what of it has not been read.</summary>
    private sealed class Chunk
    {
        public byte[] Bytes { get; } = new byte[ChunkBytes];

        public int Start { get; set; }

        public int End { get; set; }
    }
}
