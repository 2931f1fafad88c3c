namespace Federation.Actuation.Watching;

/// <summary>Lets those who wait for the next look know that there is something to see. Safe for use by several threads.</summary>
public sealed class Wake
{
    private TaskCompletionSource next = Fresh();

    /// <summary>All who wait go on.</summary>
    public void Now() => Interlocked.Exchange(ref next, Fresh()).TrySetResult();

    /// <summary>Gets what completes at the next <see cref="Now"/>; to be taken before the look, so that nothing between the two is missed.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Waits for it, and at most for a time.</summary>
    /// <param name="next">What <see cref="Next"/> gave.</param>
    /// <param name="most">How long at most.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="cancel">Ends the waiting.</param>
    public static async Task Wait(Task next, TimeSpan most, TimeProvider clock, CancellationToken cancel)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(next, Task.Delay(most, clock, over.Token));
        await over.CancelAsync();
        cancel.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
