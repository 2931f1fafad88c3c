namespace Federation.Grains.Solving;

/// <summary>A thread that solves one thing, at a lower priority than those that serve calls; threads that a solver starts from this one have it as well.</summary>
/// <param name="refused">Told where the system does not lower the priority: the solve goes on as it is.</param>
internal sealed class SolverThread(Action refused)
{
    /// <summary>
    /// By how much the niceness of a solve behind the workers is raised: it has a third of a worker's share. Not by as much as there is: a thread that
    /// the collector waits for must not be out of reach.
    /// </summary>
    public const int NicenessBehind = 15;

    private readonly Lock gate = new();
    private ThreadPriorityHandle? own;
    private bool isBehind;

    /// <summary>Solves on a new thread.</summary>
    public Task<T> Run<T>(Func<T> solve)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Work(solve, done)) { IsBackground = true, Name = "solver" }.UnsafeStart();
        return done.Task;
    }

    /// <summary>Goes on behind the workers from now on.</summary>
    public void StandBack()
    {
        lock (gate)
        {
            isBehind = true;
            Lower();
        }
    }

    private void Work<T>(Func<T> solve, TaskCompletionSource<T> done)
    {
        try
        {
            lock (gate)
            {
                own = ThreadPriorityHandle.OfThisThread();
                Lower();
            }

            done.SetResult(solve());
        }
        catch (OperationCanceledException given)
        {
            done.SetCanceled(given.CancellationToken);
        }
        catch (Exception fault)
        {
            done.SetException(fault);
        }
        finally
        {
            // The system gives the thread's number to another one some day.
            lock (gate)
            {
                own = null;
            }
        }
    }

    private void Lower()
    {
        if (own?.Lower(isBehind ? NicenessBehind : ThreadPriorityHandle.NicenessOfBackground) == false)
        {
            refused();
        }
    }
}
