namespace Federation.Silo.Observing;

/// <summary>A look at something that is asked for often: made once for all who ask at a time, and answered soon with what is known.</summary>
/// <remarks>
/// A probe that waits for what it probes says nothing while that hangs. Whoever asks gets an answer within <see cref="Patience"/>: what the look
/// that is under way finds, or else what the one before has found, as long as that is not older than <see cref="GoodFor"/>.
/// </remarks>
/// <param name="look">Looks, and throws if something is wrong.</param>
/// <param name="clock">Measures all of it.</param>
internal sealed class SteadyCheck(Func<CancellationToken, Task> look, TimeProvider clock)
{
    /// <summary>How often it is looked at most.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>How long whoever asks waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a good look counts while the next one has not come back.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(6);

    /// <summary>How long a look may take.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private Task? underWay;
    private long? ended;
    private long? good;
    private Exception? fault;

    /// <summary>What is wrong; null: nothing. A look that does not come back is a <see cref="TimeoutException"/>.</summary>
    public async Task<Exception?> Fault()
    {
        if (UnderWay() is { } now)
        {
            await Task.WhenAny(now, Task.Delay(Patience, clock));
        }

        lock (gate)
        {
            return fault ?? (good is { } at && clock.GetElapsedTime(at) <= GoodFor ? null : new TimeoutException());
        }
    }

    // Null: the last one is new enough.
    private Task? UnderWay()
    {
        lock (gate)
        {
            return underWay ?? (ended is { } at && clock.GetElapsedTime(at) < Every ? null : underWay = Task.Run(Look));
        }
    }

    private async Task Look()
    {
        var began = clock.GetTimestamp();
        Exception? found = null;
        try
        {
            using var late = new CancellationTokenSource(Longest, clock);
            await look(late.Token).WaitAsync(Longest, clock);
        }
        catch (Exception wrong)
        {
            found = wrong;
        }

        lock (gate)
        {
            (underWay, ended, fault) = (null, clock.GetTimestamp(), found);
            good = found is null ? began : good;
        }
    }
}
