namespace Federation.Grains;

/// <summary>Wakes everybody who waits for something, as windows, each time that it happens. For one grain's single thread.</summary>
internal sealed class WindowSignal
{
    private TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when it happens next.</summary>
    public Task Next => source.Task;

    /// <summary>It happened.</summary>
    public void Raise()
    {
        var raised = source;
        source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        raised.SetResult();
    }

    /// <summary>Waits for a signal, or for so long.</summary>
    public static async Task Wait(Task signal, TimeSpan left, TimeProvider clock, CancellationToken cancel)
    {
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(signal, Task.Delay(left, clock, stop.Token));
        await stop.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }
}
