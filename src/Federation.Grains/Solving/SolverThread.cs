using System.Runtime.InteropServices;

namespace Federation.Grains.Solving;

/// <summary>A thread that solves one thing, at a lower priority than those that serve calls.</summary>
/// <remarks>
/// .NET sets no priority of threads on Linux, so the system is asked itself; threads that a solver starts from this one have its priority. It is
/// lowered only, which needs no right. Elsewhere .NET's own priority is used.
/// </remarks>
/// <param name="refused">Told where the system does not lower the priority, with its error number: the solve goes on as it is.</param>
internal sealed partial class SolverThread(Action<int> refused)
{
    /// <summary>Linux's niceness of a solve that has a worker: about a tenth of the share of a thread that serves.</summary>
    public const int NiceAtWork = 10;

    /// <summary>
    /// The niceness of a solve behind the workers: a third of a worker's share. Not the lowest there is: a thread that the collector waits
    /// for must not be out of reach.
    /// </summary>
    public const int NiceBehind = 15;

    private readonly Lock gate = new();
    private bool isBehind;
    private int? id;
    private Thread? thread;

    /// <summary>Solves on a new thread.</summary>
    public Task<T> Run<T>(Func<T> solve)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        thread = new Thread(() => Work(solve, done)) { IsBackground = true, Name = "solver" };
        thread.UnsafeStart();
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
                id = OperatingSystem.IsLinux() ? ThreadId() : 0;
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
            // The system gives the number to another thread some day.
            lock (gate)
            {
                id = null;
            }
        }
    }

    private void Lower()
    {
        if (id is not { } known)
        {
            return;
        }

        if (!OperatingSystem.IsLinux())
        {
            thread!.Priority = isBehind ? ThreadPriority.Lowest : ThreadPriority.BelowNormal;
        }
        else if (SetPriority(0, known, isBehind ? NiceBehind : NiceAtWork) != 0)
        {
            refused(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();

    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, int who, int nice);
}
