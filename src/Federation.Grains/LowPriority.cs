using System.Collections.Concurrent;
using Federation.Grains.Solving;

namespace Federation.Grains;

/// <summary>Threads that yield the processor to all others of the machine: what nobody waits for at this moment runs there.</summary>
internal static class LowPriority
{
    /// <summary>By how much a thread's niceness is raised: at 10 it gets a tenth of a processor that somebody else wants as well.</summary>
    public const int Niceness = ThreadPriorityHandle.NicenessOfBackground;

    /// <summary>Lowers the calling thread's priority, for good: call it on a thread of your own, never on the thread pool's.</summary>
    /// <returns>Whether the system did so; if not, the thread goes on with the priority that it had.</returns>
    public static bool LowerThisThread() => ThreadPriorityHandle.OfThisThread().Lower(Niceness);
}

/// <summary>Runs tasks one after another, in the order in which they came, on one thread of low priority.</summary>
public sealed class LowPriorityScheduler : TaskScheduler
{
    private readonly BlockingCollection<Task> waiting = [];

    /// <summary>Starts the thread; it lives as long as the process.</summary>
    /// <param name="name">The thread's name, for whoever looks at the process.</param>
    public LowPriorityScheduler(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs something when its turn comes. What it awaits or starts goes to the thread pool, as ever.</summary>
    public Task<T> Run<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, this);

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => waiting.Add(task);

    /// <inheritdoc/>
    /// <remarks>Never: whoever asks would do it at his own priority.</remarks>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [.. waiting];

    private void Work()
    {
        LowPriority.LowerThisThread();
        foreach (var task in waiting.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
