using Federation.Domain.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains.Solving;

/// <summary>Where all of a silo's solving waits for its turn, and is done: on few threads of its own, at a lower priority than whatever serves calls.</summary>
/// <remarks>Who comes next is for <see cref="SolverSchedule"/> to say. Safe for all threads.</remarks>
public sealed partial class SolverPool : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<SolveTicket, SolverPlace> places = [];
    private readonly SolverSchedule schedule;
    private readonly TimeProvider clock;
    private readonly ILogger<SolverPool> log;
    private readonly ITimer slices;
    private int warned;

    /// <summary>An empty queue.</summary>
    /// <param name="options">How much at once.</param>
    /// <param name="clock">By which slices end.</param>
    /// <param name="log">Where it says that the system does not let it lower priorities.</param>
    public SolverPool(IOptions<SolvingOptions> options, TimeProvider clock, ILogger<SolverPool> log)
    {
        (this.clock, this.log) = (clock, log);
        schedule = new(options.Value.WorkersOf(Environment.ProcessorCount), options.Value);
        slices = clock.CreateTimer(_ => Advance(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>What there is to do at this moment.</summary>
    public SolverLoad Load
    {
        get
        {
            lock (gate)
            {
                return new(schedule.Waiting(SolveKind.Asked), schedule.Waiting(SolveKind.Automatic), schedule.AtWork + schedule.Behind);
            }
        }
    }

    /// <summary>Asks for a turn to solve something.</summary>
    /// <param name="tenant">For whom.</param>
    /// <param name="kind">Who wants it.</param>
    /// <param name="again">Whether it was taken before, by a silo that is gone or an activation that has ended: then no bound refuses it.</param>
    /// <returns>A place in the queue, or a refusal that says when to come again; to be disposed of in either case.</returns>
    public SolverPlace Ask(TenantId tenant, SolveKind kind, bool again = false)
    {
        SolverPlace place;
        lock (gate)
        {
            if (!again && schedule.Against(tenant, kind) is { } refusal)
            {
                return new(this, null, refusal);
            }

            var ticket = schedule.Add(tenant, kind);
            places[ticket] = place = new(this, ticket, null);
        }

        Advance();
        return place;
    }

    /// <inheritdoc/>
    public void Dispose() => slices.Dispose();

    internal SolverProgress ProgressOf(SolveTicket ticket)
    {
        lock (gate)
        {
            return new(schedule.Before(ticket), ticket.Since);
        }
    }

    internal void Leave(SolveTicket ticket)
    {
        lock (gate)
        {
            if (!schedule.Cancel(ticket))
            {
                schedule.End(ticket, clock.GetUtcNow());
            }

            places.Remove(ticket);
        }

        Advance();
    }

    internal void CannotLower()
    {
        if (Interlocked.Exchange(ref warned, 1) == 0)
        {
            LogCannotLower();
        }
    }

    private void Advance()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            while (schedule.Begin(now, out var madeWay) is { } next)
            {
                if (madeWay is not null)
                {
                    places[madeWay].StandBack();
                }

                places[next].Begin();
            }

            if (schedule.LookAgain() is { } at)
            {
                slices.Change(at > now ? at - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    [LoggerMessage(3003, LogLevel.Warning, "The system does not lower the priority of solvers' threads: planning may slow calls down")]
    private partial void LogCannotLower();
}

/// <summary>How far a solve is.</summary>
/// <param name="Before">How many wait before it.</param>
/// <param name="Since">When it was its turn; null: it waits.</param>
public readonly record struct SolverProgress(int Before, DateTimeOffset? Since);

/// <summary>What a silo has to solve.</summary>
/// <param name="Asked">Plans that people asked for and that wait.</param>
/// <param name="Automatic">Applications that wait for a look of the service's own.</param>
/// <param name="Running">Solves that have begun, with those that go on behind the others.</param>
public readonly record struct SolverLoad(int Asked, int Automatic, int Running);
