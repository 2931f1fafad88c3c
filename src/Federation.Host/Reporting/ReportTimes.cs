namespace Federation.Host.Reporting;

/// <summary>When the service is told how the host is: at once when something happens, soon when a transfer goes on, else from time to time. For all threads.</summary>
/// <param name="clock">Tells the time.</param>
internal sealed class ReportTimes(TimeProvider clock)
{
    /// <summary>The longest time between two reports.</summary>
    public static readonly TimeSpan AtRest = TimeSpan.FromSeconds(10);

    /// <summary>The time between two reports that differ in how far transfers are, and nothing else.</summary>
    public static readonly TimeSpan OfProgress = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TaskCompletionSource now = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool hasProgress;
    private long last = clock.GetTimestamp();

    /// <summary>Something happened.</summary>
    public void Now()
    {
        lock (gate)
        {
            now.TrySetResult();
        }
    }

    /// <summary>A transfer went on.</summary>
    public void Soon()
    {
        lock (gate)
        {
            if (hasProgress)
            {
                return;
            }

            hasProgress = true;
            if (clock.GetElapsedTime(last) >= OfProgress)
            {
                now.TrySetResult();
            }
        }
    }

    /// <summary>Waits for the time of the next report. What happens after it has returned makes another one.</summary>
    public async Task Next(CancellationToken cancel)
    {
        while (true)
        {
            Task signal;
            TimeSpan left;
            lock (gate)
            {
                left = (hasProgress ? OfProgress : AtRest) - clock.GetElapsedTime(last);
                if (now.Task.IsCompleted || left <= TimeSpan.Zero)
                {
                    (now, hasProgress, last) = (new(TaskCreationOptions.RunContinuationsAsynchronously), false, clock.GetTimestamp());
                    return;
                }

                signal = now.Task;
            }

            // Progress may shorten the wait meanwhile: it is looked at again at the latest then.
            await Task.WhenAny(signal, Task.Delay(left < OfProgress ? left : OfProgress, clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
