using System.Collections.Immutable;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>A placement with the way to it: what a plan is written from. Compared by reference.</summary>
/// <param name="Outcome">The placement, with the terms of the whole course and the value of these.</param>
/// <param name="Moves">The migrations that lead to it.</param>
/// <param name="MoveBills">What each of these costs.</param>
/// <param name="Bills">Each VM's share of the bill of the whole course.</param>
/// <param name="Departure">What comes later; null: nothing.</param>
internal sealed record Course(
    Evaluated Outcome,
    ImmutableArray<ScheduledMove> Moves,
    ImmutableArray<MoveBill> MoveBills,
    ImmutableArray<VmBill> Bills,
    Departure? Departure)
{
    /// <summary>The later parts, in order.</summary>
    public IEnumerable<Departure> Later
    {
        get
        {
            for (var later = Departure; later is not null; later = later.Then)
            {
                yield return later;
            }
        }
    }

    /// <summary>How many migrations come later.</summary>
    public int LaterMoves => Later.Sum(later => later.Moves.Length);

    /// <summary>The course to a placement that holds every constraint.</summary>
    public static Course To(PlacementProblem problem, Evaluated placement)
    {
        var moves = Direct(problem, placement.Assignment) ?? throw new ArgumentException("a feasible placement has an order of moves");
        return new(
            placement, moves, Estimation.MoveBills.Of(problem, moves),
            BillsOf(problem, placement.Assignment, placement.Estimate!.Value.TimeSeconds), Departure: null);
    }

    /// <summary>The migrations to a placement one after the other without a stop, with their times; null if no order has room and keeps the windows.</summary>
    public static ImmutableArray<ScheduledMove>? Direct(PlacementProblem problem, int[] assignment) => WindowedMoves.Find(problem, assignment);

    /// <summary>The course to a placement whose moves wait for each other, with stops; null if there is none, or it breaks a limit.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="placement">A placement that holds every constraint but the order of moves.</param>
    public static Course? WithStops(PlacementProblem problem, Evaluated placement)
    {
        var assignment = placement.Assignment;
        if (MoveStops.Find(problem, assignment) is not { } legs)
        {
            return null;
        }

        var moves = MoveSchedule.Of(problem, legs);
        var bills = Estimation.MoveBills.Of(problem, moves);
        var vms = legs.Select(leg => leg.Vm).Distinct().ToArray();
        var extraDowntime = moves.Sum(move => move.Estimate.DelaySeconds)
            - vms.Sum(vm => problem.Migration(vm, problem.Seats[assignment[vm]])!.Value.DelaySeconds);
        var extraMoving = bills.Sum(bill => bill.Sum) - vms.Sum(vm => PlacementEstimator.Moving(problem, vm, problem.Seats[assignment[vm]])!.Value);
        var terms = PlacementEstimator.EstimateWithStops(problem, assignment, extraDowntime, extraMoving)!.Value;
        if (!PlacementRules.CheckTime(problem, assignment, terms).IsFeasible || !PlacementRules.CheckRate(problem, assignment, 0, terms.TimeSeconds).IsFeasible
            || !PlacementRules.CheckLimits(problem, terms).IsFeasible
            || WindowedMoves.Against(problem, moves) is not null || !StopsHold(problem, assignment, moves, terms))
        {
            return null;
        }

        var shares = BillsOf(problem, assignment, terms.TimeSeconds).ToArray();
        foreach (var vm in vms)
        {
            shares[vm] = shares[vm] with { Moving = bills.Where((_, i) => moves[i].Leg.Vm == vm).Sum(bill => bill.Sum) };
        }

        return new(
            placement with { Estimate = terms, Value = ObjectiveValue.Of(problem.View.Application.Objective, terms), Verdict = Verdict.Feasible },
            moves, bills, [.. shares], Departure: null);
    }

    /// <summary>Each VM's share of the bill of an assignment that lasts so long.</summary>
    public static ImmutableArray<VmBill> BillsOf(PlacementProblem problem, int[] assignment, double timeSeconds) =>
        [.. Enumerable.Range(0, assignment.Length).Select(vm => PlacementEstimator.Bill(problem, assignment, vm, timeSeconds)!.Value)];

    // A stop's site is there as long as the stop lasts, and its core-hours count.
    private static bool StopsHold(
        PlacementProblem problem, int[] assignment, ImmutableArray<ScheduledMove> moves, PlacementEstimate terms)
    {
        var used = new double[problem.Sites.Length];
        foreach (var seat in assignment)
        {
            used[problem.Seats[seat].SiteIndex] += problem.Seats[seat].Offer.Vcpus * terms.TimeSeconds;
        }

        var began = new Dictionary<int, double>();
        foreach (var move in moves)
        {
            if (!began.TryAdd(move.Leg.Vm, move.StartSeconds))
            {
                var stop = problem.Seats[move.Leg.From];
                used[stop.SiteIndex] += stop.Offer.Vcpus * (move.EndSeconds - began[move.Leg.Vm]);
                if (move.EndSeconds > PlacementRules.SecondsAvailable(problem, stop.Site))
                {
                    return false;
                }
            }
        }

        return problem.Sites.Select((site, i) => PlacementRules.CoreHours(problem, site, 1, used[i])
            <= (site.QuotaFor(problem.View.Application.Tenant)?.CoreHours ?? double.PositiveInfinity)).All(holds => holds);
    }
}
