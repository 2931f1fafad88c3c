using System.Collections.Immutable;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>The moves from one placement to another at one instant.</summary>
/// <param name="To">The placement's number.</param>
/// <param name="Moves">The migrations, in order, timed from the first.</param>
/// <param name="Seconds">How long they take, all together.</param>
/// <param name="Delay">How much longer the run takes for them, seconds.</param>
/// <param name="Money">What they cost.</param>
internal sealed record Way(int To, ImmutableArray<ScheduledMove> Moves, double Seconds, double Delay, double Money);

/// <summary>Some placements of a problem's VMs, and what it takes to go from one to another at any instant. Remembers what was worked out; not for several threads.</summary>
internal sealed class FutureWorld
{
    private readonly PlacementProblem problem;
    private readonly Dictionary<(double At, int From), PlacementProblem?> problems = [];
    private readonly Dictionary<(double At, int From, int To), Way?> ways = [];
    private readonly Dictionary<(int From, int To), double> lengths = [];

    /// <summary>Keeps those of some assignments that can be at all: whose VMs that talk have links, and that break no rule of affinity.</summary>
    public FutureWorld(PlacementProblem problem, IEnumerable<int[]> assignments)
    {
        this.problem = problem;
        var places = new List<int[]>();
        var terms = new List<PlacementEstimate>();
        Anywhere = Unplaced(problem, 0);
        foreach (var assignment in Anywhere.Seats.Length == problem.Seats.Length ? assignments : [])
        {
            if (PlacementEstimator.Estimate(Anywhere, assignment) is { } estimate && Affinity.Check(problem, assignment).IsFeasible)
            {
                places.Add(assignment);
                terms.Add(estimate);
            }
        }

        (Places, Terms) = ([.. places], [.. terms]);
    }

    /// <summary>The problem as if no VM were anywhere yet.</summary>
    public PlacementProblem Anywhere { get; }

    /// <summary>The placements.</summary>
    public ImmutableArray<int[]> Places { get; }

    /// <summary>Of each what the whole run that is left would take and cost under it; without moves.</summary>
    public ImmutableArray<PlacementEstimate> Terms { get; }

    /// <summary>How many problems were looked at: each takes about as long as the application is large.</summary>
    public int Looks => problems.Count;

    /// <summary>The number of a placement; -1 if it is none of them.</summary>
    public int IndexOf(ReadOnlySpan<int> assignment)
    {
        for (var place = 0; place < Places.Length; place++)
        {
            if (assignment.SequenceEqual(Places[place]))
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>The moves from where the VMs are now to a placement; null if there is none that holds every rule of this moment.</summary>
    public Way? FromNow(int to) => Of(problem, to);

    /// <summary>The moves from one placement to another that begin at an instant; null if a rule stands against one of them at its own instant.</summary>
    public Way? Between(double at, int from, int to)
    {
        if (!ways.TryGetValue((at, from, to), out var way))
        {
            way = At(at, from) is { } then ? Of(then, to) : null;
            ways.Add((at, from, to), way);
        }

        return way;
    }

    /// <summary>How long the moves from one placement to another take, whenever they begin; infinite if there is no order of them.</summary>
    public double Length(int from, int to)
    {
        if (!lengths.TryGetValue((from, to), out var seconds))
        {
            seconds = At(0, from) is { } then && CanMove(then, to) && MoveOrder.Find(then, Places[to]) is { } order
                ? MoveSchedule.Length(MoveSchedule.Of(then, [.. order.Select(vm => new Leg(vm, then.CurrentSeats[vm], Places[to][vm]))]))
                : double.PositiveInfinity;
            lengths.Add((from, to), seconds);
        }

        return seconds;
    }

    /// <summary>A problem's seats that VMs could take at an instant if they were nowhere.</summary>
    public static PlacementProblem Unplaced(PlacementProblem problem, double at) => new(Later(problem, at) with
    {
        CoolingDown = problem.View.CoolingDown.Clear(),
        Application = problem.View.Application with { Vms = [.. problem.View.Application.Vms.Select(vm => vm with { At = null })] },
    });

    private bool CanMove(PlacementProblem then, int to) => Places[to].Index().All(vm => !then.Moves(vm.Index, then.Seats[vm.Item])
        || (then.Migration(vm.Index, then.Seats[vm.Item]) is not null && (then.Restarts(vm.Index, then.Seats[vm.Item])
            || (then.Seats[vm.Item].Site.Policy.MigrationsIn != 0 && then.Seats[then.CurrentSeats[vm.Index]].Site.Policy.MigrationsOut != 0))));

    private Way? Of(PlacementProblem then, int to)
    {
        var assignment = Places[to];
        if (!PlacementRules.CheckSeats(then, assignment).IsFeasible || !PlacementRules.CheckRoom(then, assignment).IsFeasible
            || WindowedMoves.Find(then, assignment) is not { } moves)
        {
            return null;
        }

        return new(to, moves, MoveSchedule.Length(moves), moves.Sum(move => move.Estimate.DelaySeconds), MoveBills.Of(then, moves).Sum(bill => bill.Sum));
    }

    private PlacementProblem? At(double at, int from)
    {
        if (!problems.TryGetValue((at, from), out var then))
        {
            var vms = problem.View.Application.Vms.Select((vm, i) => vm with { At = problem.Seats[Places[from][i]].Location });
            var view = Later(problem, at);
            then = new(view with { Application = view.Application with { Vms = [.. vms] } });
            then = then.Seats.Length == problem.Seats.Length ? then : null;
            problems.Add((at, from), then);
        }

        return then;
    }

    private static PlacementView Later(PlacementProblem problem, double at) => problem.View with
    {
        Now = problem.View.Now.After(at),
        Work = problem.Work,
        CoolingDown = at == 0 ? problem.View.CoolingDown
            : problem.View.CoolingDown.Where(vm => vm.Value > problem.View.Now.After(at) && vm.Value != DateTimeOffset.MaxValue).ToImmutableSortedDictionary(),
    };
}
