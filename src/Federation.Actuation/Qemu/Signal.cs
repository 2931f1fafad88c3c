namespace Federation.Actuation.Qemu;

/// <summary>Wakes one who waits; set while nobody waits, it wakes the next one at once.</summary>
internal sealed class Signal
{
    private TaskCompletionSource set = New();

    /// <summary>Wakes.</summary>
    public void Set() => Volatile.Read(ref set).TrySetResult();

    /// <summary>Waits to be woken, or until a time has passed.</summary>
    public async Task Wait(TimeSpan atMost, TimeProvider clock, CancellationToken cancel)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var pause = Task.Delay(atMost, clock, late.Token);
        await Task.WhenAny(Volatile.Read(ref set).Task, pause);
        await late.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        if (set.Task.IsCompleted)
        {
            Volatile.Write(ref set, New());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
