using System.Collections.Immutable;
using Federation.Domain.Hosts;

namespace Federation.Host.Consoles;

/// <summary>Somebody at a VM's serial console: what it writes is kept until it is read. For all threads.</summary>
internal sealed class ConsoleSession : IAsyncDisposable
{
    private const int Kept = 256 << 10;

    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly CancellationTokenSource closing = new();
    private readonly Task reading;
    private readonly List<byte> kept = [];
    private long first;
    private bool hasEnded;
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The console; closed with the session.</param>
    public ConsoleSession(Stream stream)
    {
        this.stream = stream;
        reading = Read();
    }

    /// <summary>Whether the console was closed from the other side.</summary>
    public bool HasEnded
    {
        get
        {
            lock (gate)
            {
                return hasEnded;
            }
        }
    }

    /// <summary>Types something.</summary>
    public async Task Type(ImmutableArray<byte> input, CancellationToken cancel)
    {
        await stream.WriteAsync(input.AsMemory(), cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>What was written from a byte on; waits for it if there is nothing yet.</summary>
    /// <param name="from">The byte's number; one that this session has not reached, or has forgotten: the oldest that is kept.</param>
    /// <param name="most">Bytes at most.</param>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ConsoleText> Take(long from, int most, TimeSpan wait, TimeProvider clock, CancellationToken cancel)
    {
        Task next;
        lock (gate)
        {
            next = more.Task;
            if (Part(from, most) is { Bytes.Length: > 0 } there || hasEnded)
            {
                return Part(from, most);
            }
        }

        try
        {
            await next.WaitAsync(wait, clock, cancel);
        }
        catch (TimeoutException)
        {
            // Then there is nothing.
        }

        lock (gate)
        {
            return Part(from, most);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await stream.DisposeAsync();
        await reading;
        closing.Dispose();
    }

    private ConsoleText Part(long from, int most)
    {
        var begin = from < first || from > first + kept.Count ? first : from;
        return new([.. kept.Skip((int)(begin - first)).Take(most)], begin);
    }

    private async Task Read()
    {
        var buffer = new byte[8192];
        try
        {
            while (await stream.ReadAsync(buffer, closing.Token) is > 0 and var count)
            {
                Keep(buffer.AsSpan(0, count));
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The VM has gone, or whoever was here.
        }

        lock (gate)
        {
            hasEnded = true;
            more.TrySetResult();
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            kept.AddRange(bytes);
            if (kept.Count > 2 * Kept)
            {
                first += kept.Count - Kept;
                kept.RemoveRange(0, kept.Count - Kept);
            }

            more.TrySetResult();
            more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
