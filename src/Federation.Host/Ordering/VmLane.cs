namespace Federation.Host.Ordering;

/// <summary>The orders of one VM: one after another. One that takes the place of those before it interrupts what is under way. For all threads.</summary>
internal sealed class VmLane
{
    private readonly Lock gate = new();
    private Task last = Task.CompletedTask;
    private CancellationTokenSource? current;

    /// <summary>Does something once all before it has ended, however.</summary>
    /// <param name="work">What; it throws nothing. Its token says that something took its place.</param>
    /// <param name="takesPlace">Whether what is under way is to be given up.</param>
    /// <returns>Ends with the work.</returns>
    public Task Put(Func<CancellationToken, Task> work, bool takesPlace)
    {
        lock (gate)
        {
            if (takesPlace)
            {
                current?.Cancel();
            }

            return last = Follow(last, work);
        }
    }

    private async Task Follow(Task before, Func<CancellationToken, Task> work)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        using var own = new CancellationTokenSource();
        lock (gate)
        {
            current = own;
        }

        try
        {
            await work(own.Token);
        }
        finally
        {
            lock (gate)
            {
                current = null;
            }
        }
    }
}
