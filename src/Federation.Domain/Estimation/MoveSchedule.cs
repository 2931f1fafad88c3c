using System.Collections.Immutable;

namespace Federation.Domain.Estimation;

/// <summary>One migration to be made: a VM's whole move, or one leg of a move with a stop; or a restart.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">The seat it runs at.</param>
/// <param name="To">The seat it goes to: at another site, or another offer of the same.</param>
public readonly record struct Leg(int Vm, int From, int To);

/// <summary>A leg with its time.</summary>
/// <param name="Leg">Who, from where, to where.</param>
/// <param name="StartSeconds">When it begins, from the moment that the first one does.</param>
/// <param name="Estimate">What it sends and takes.</param>
public readonly record struct ScheduledMove(Leg Leg, double StartSeconds, MigrationEstimate Estimate)
{
    /// <summary>When the VM runs at its new site and its old place is free.</summary>
    public double EndSeconds => StartSeconds + Estimate.DurationSeconds;
}

/// <summary>Starts migrations as early as their order and the limits on migrations at once allow.</summary>
public static class MoveSchedule
{
    /// <summary>
    /// Gives each leg its time. They begin in the given order; none while the policies of its two sites, the limit of its link, room at its
    /// new seat (what is under way counted at both ends) or the VM's own earlier leg stand against it. O(legs log legs).
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="legs">The legs in an order in which, one after another, each has room.</param>
    /// <exception cref="ArgumentException">A leg has no room although nothing is under way any more: the order is none.</exception>
    public static ImmutableArray<ScheduledMove> Of(PlacementProblem problem, IReadOnlyList<Leg> legs)
    {
        var traffic = new UnderWay(problem);
        var scheduled = ImmutableArray.CreateBuilder<ScheduledMove>(legs.Count);
        double now = 0;
        foreach (var leg in legs)
        {
            while (!traffic.MayStart(leg))
            {
                now = Math.Max(now, traffic.WaitForNext());
            }

            var estimate = problem.MigrationBetween(leg.Vm, problem.Seats[leg.From].SiteIndex, problem.Seats[leg.To].SiteIndex)!.Value;
            scheduled.Add(new(leg, now, estimate));
            traffic.Start(scheduled[^1]);
        }

        return scheduled.MoveToImmutable();
    }

    /// <summary>When the last one has ended, in seconds; 0 without any.</summary>
    public static double Length(ImmutableArray<ScheduledMove> moves) => moves.IsDefaultOrEmpty ? 0 : moves.Max(move => move.EndSeconds);

    private sealed class UnderWay(PlacementProblem problem)
    {
        private readonly SeatLedger ledger = SeatLedger.OfRunning(problem);
        private readonly PriorityQueue<ScheduledMove, double> flights = new();
        private readonly HashSet<int> vms = [];
        private readonly int[] entering = new int[problem.Sites.Length];
        private readonly int[] leaving = new int[problem.Sites.Length];
        private readonly Dictionary<(int From, int To), int> onLink = [];

        public bool MayStart(Leg leg)
        {
            var (from, to) = Sites(leg);
            return !vms.Contains(leg.Vm) && ledger.HasRoom(leg.To)
                && (from == to || (entering[to] < (problem.Sites[to].Policy.MigrationsIn ?? int.MaxValue)
                    && leaving[from] < (problem.Sites[from].Policy.MigrationsOut ?? int.MaxValue)))
                && onLink.GetValueOrDefault((from, to)) < problem.View.MigrationsPerLink;
        }

        public void Start(ScheduledMove move)
        {
            ledger.Take(move.Leg.To);
            Count(move.Leg, 1);
            vms.Add(move.Leg.Vm);
            flights.Enqueue(move, move.EndSeconds);
        }

        public double WaitForNext()
        {
            if (!flights.TryDequeue(out var move, out var end))
            {
                throw new ArgumentException("the order of moves leaves one without room");
            }

            ledger.Free(move.Leg.From);
            Count(move.Leg, -1);
            vms.Remove(move.Leg.Vm);
            return end;
        }

        private void Count(Leg leg, int by)
        {
            var (from, to) = Sites(leg);
            // Who restarts neither comes nor goes. At one site they follow one another as over one link.
            entering[to] += from == to ? 0 : by;
            leaving[from] += from == to ? 0 : by;
            onLink[(from, to)] = onLink.GetValueOrDefault((from, to)) + by;
        }

        private (int From, int To) Sites(Leg leg) => (problem.Seats[leg.From].SiteIndex, problem.Seats[leg.To].SiteIndex);
    }
}
