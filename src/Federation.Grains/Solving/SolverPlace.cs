using Federation.Domain.Refusals;

namespace Federation.Grains.Solving;

/// <summary>A place in a silo's <see cref="SolverPool"/>: first one waits, then one solves, then it is disposed of; earlier gives it up.</summary>
public sealed class SolverPlace : IDisposable
{
    private readonly SolverPool pool;
    private readonly SolveTicket? ticket;
    private readonly SolverThread thread;
    private readonly TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    /// <summary>Solves, on a thread of its own. Once, and when <see cref="Turn"/> has ended.</summary>
    /// <param name="solve">What is to be done; it ends with an <see cref="OperationCanceledException"/> where nobody waits any more.</param>
    /// <exception cref="InvalidOperationException">It is not its turn yet.</exception>
    public Task<T> Run<T>(Func<T> solve) => Turn.IsCompletedSuccessfully
        ? thread.Run(solve)
        : throw new InvalidOperationException("it is not its turn");

    /// <summary>Makes way for the next.</summary>
    public void Dispose()
    {
        if (ticket is not null)
        {
            pool.Leave(ticket);
        }
    }

    internal void Begin() => turn.TrySetResult();

    internal void StandBack() => thread.StandBack();
}
