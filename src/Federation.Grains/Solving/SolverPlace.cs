using Federation.Domain.Refusals;

namespace Federation.Grains.Solving;

/// <summary>A place in a silo's <see cref="SolverPool"/>: first one waits, then one solves. Disposed of earlier, it is given up. For one caller at a time.</summary>
public sealed class SolverPlace : IDisposable
{
    private readonly SolverPool pool;
    private readonly SolveTicket? ticket;
    private readonly SolverThread thread;
    private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool isSolving;
    private bool isGivenUp;

    internal SolverPlace(SolverPool pool, SolveTicket? ticket, Refusal? refusal)
    {
        (this.pool, this.ticket, Refusal) = (pool, ticket, refusal);
        thread = new(pool.CannotLower);
    }

    /// <summary>Why there is no place; null: there is one.</summary>
    public Refusal? Refusal { get; }

    /// <summary>Ends when its turn has come. What is solved is looked up only then: what was seen before it waited is old.</summary>
    public Task Turn => turn.Task;

    /// <summary>How far it is.</summary>
    public SolverProgress Progress => pool.ProgressOf(Ticket);

    private SolveTicket Ticket => ticket ?? throw new InvalidOperationException("there is no place: see its refusal");

    /// <summary>Solves, on a thread of its own, and makes way for the next when that has ended. Once, and when <see cref="Turn"/> has ended.</summary>
    /// <param name="solve">What is to be done; it ends with an <see cref="OperationCanceledException"/> where nobody waits any more.</param>
    /// <exception cref="InvalidOperationException">It is not its turn yet, or not any more.</exception>
    public Task<T> Run<T>(Func<T> solve)
    {
        if (!Turn.IsCompletedSuccessfully || isGivenUp || isSolving)
        {
            throw new InvalidOperationException("it is not its turn");
        }

        isSolving = true;
        var done = thread.Run(solve);
        // Whether or not whoever waits for it is still there.
        done.ContinueWith(_ => pool.Leave(Ticket), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return done;
    }

    /// <summary>Gives the place up. While it is being solved that changes nothing: its worker is free when it has ended.</summary>
    public void Dispose()
    {
        if (ticket is not null && !isSolving)
        {
            isGivenUp = true;
            pool.Leave(ticket);
        }
    }

    internal void Begin() => turn.TrySetResult();

    internal void StandBack() => thread.StandBack();
}
