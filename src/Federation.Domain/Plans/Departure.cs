using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Plans;

/// <summary>The second part of a course that uses sites which close before the application ends: leaving them in time. Compared by reference.</summary>
/// <param name="AtSeconds">When the first VM begins to leave, from the moment of planning.</param>
/// <param name="Problem">The world as it is then expected, with what is left of the run.</param>
/// <param name="Assignment">Each VM's seat from then on.</param>
/// <param name="Moves">The migrations, their times counted from <paramref name="AtSeconds"/>.</param>
/// <param name="MoveBills">What each of these costs.</param>
/// <param name="FirstRunSeconds">How long the run would take if nothing were left.</param>
internal sealed record Departure(
    double AtSeconds,
    PlacementProblem Problem,
    int[] Assignment,
    ImmutableArray<ScheduledMove> Moves,
    ImmutableArray<MoveBill> MoveBills,
    double FirstRunSeconds)
{
    /// <summary>
    /// The course that takes a placement now and leaves in time what closes before the application ends; null if there is none, or nothing
    /// closes. It leaves once: at that moment the rest of the run is placed as if it were a problem of its own.
    /// </summary>
    /// <remarks>
    /// The run is taken to go on evenly: when a share of the first placement's run time is over, that share of compute and traffic is done.
    /// The VMs leave so early that the last one is gone <see cref="PlacementView.LeaveEarlySeconds"/> before the end.
    /// </remarks>
    /// <param name="problem">The problem.</param>
    /// <param name="first">A placement that holds every constraint of the relaxed problem.</param>
    /// <param name="solve">Who places the rest; null if nobody can.</param>
    public static Course? Find(PlacementProblem problem, Evaluated first, Func<PlacementProblem, Evaluated?> solve)
    {
        var terms = first.Estimate!.Value;
        var closing = first.Assignment.Select(seat => problem.Seats[seat].Site).Distinct()
            .Select(site => PlacementRules.SecondsAvailable(problem, site)).Where(left => left < terms.TimeSeconds).ToList();
        if (closing.Count == 0 || Course.Direct(problem, first.Assignment) is not { } moves)
        {
            return null;
        }

        var end = closing.Min() - problem.View.LeaveEarlySeconds;
        var begin = MoveSchedule.Length(moves);
        var early = end - Guess(problem, first.Assignment, terms.TimeSeconds);
        if (early <= begin)
        {
            return null;
        }

        var stage = Stage.At(problem, first, early);
        if (solve(stage) is not { } rest || Course.Direct(stage, rest.Assignment) is not { } leaving)
        {
            return null;
        }

        // How long leaving takes is known now: no need to leave earlier than that.
        return Join(problem, first, moves, rest.Assignment, end - MoveSchedule.Length(leaving));
    }

    // The longest that leaving may take: every VM over the slowest of its links, one after another.
    private static double Guess(PlacementProblem problem, int[] assignment, double needed) =>
        Enumerable.Range(0, assignment.Length)
            .Where(vm => PlacementRules.SecondsAvailable(problem, problem.Seats[assignment[vm]].Site) < needed)
            .Sum(vm => problem.Candidates[vm].Select(seat =>
                    problem.MigrationBetween(vm, problem.Seats[assignment[vm]].SiteIndex, problem.Seats[seat].SiteIndex)?.DurationSeconds ?? 0)
                .DefaultIfEmpty(0).Max());

    private static Course? Join(PlacementProblem problem, Evaluated first, ImmutableArray<ScheduledMove> moves, int[] rest, double at)
    {
        var stage = Stage.At(problem, first, at);
        var second = Evaluated.Of(stage, rest);
        if (!second.Verdict.IsFeasible)
        {
            return null;
        }

        var leaving = Course.Direct(stage, rest)!.Value;
        var departure = new Departure(at, stage, rest, leaving, Estimation.MoveBills.Of(stage, leaving), first.Estimate!.Value.RunSeconds);
        var bills = departure.BillsWith(problem, first, second.Estimate!.Value.TimeSeconds);
        var terms = departure.TermsWith(problem, first, second.Estimate.Value, bills);
        return PlacementRules.CheckLimits(problem, terms).IsFeasible
            ? new(
                new(first.Assignment, terms, Verdict.Feasible, ObjectiveValue.Of(problem.View.Application.Objective, terms)),
                moves, Estimation.MoveBills.Of(problem, moves), bills, departure)
            : null;
    }

    // A VM that leaves is billed twice, as one that goes and one that comes; one that does not, once over both parts.
    private ImmutableArray<VmBill> BillsWith(PlacementProblem problem, Evaluated first, double restSeconds)
    {
        var done = 1 - Stage.ShareLeft(first.Estimate!.Value, AtSeconds);
        return [.. Enumerable.Range(0, Assignment.Length).Select(vm =>
        {
            var (seat, leaves) = (problem.Seats[first.Assignment[vm]], Problem.Moves(vm, Problem.Seats[Assignment[vm]]));
            var before = PlacementEstimator.Bill(problem, first.Assignment, vm, AtSeconds)!.Value;
            var after = PlacementEstimator.Bill(Problem, Assignment, vm, restSeconds)!.Value;
            var hosting = leaves
                ? before.Hosting + after.Hosting
                : PlacementEstimator.Hosting(problem, vm, seat, AtSeconds + restSeconds)!.Value;
            return new VmBill(hosting, (before.Traffic * done) + after.Traffic, before.Moving + after.Moving);
        })];
    }

    private PlacementEstimate TermsWith(PlacementProblem problem, Evaluated first, PlacementEstimate second, ImmutableArray<VmBill> bills)
    {
        var before = first.Estimate!.Value;
        var sites = first.Assignment.Concat(Assignment).Select(seat => problem.Seats[seat].SiteIndex).Distinct().Count();
        var downtime = before.DowntimeSeconds + second.DowntimeSeconds;
        var whole = AtSeconds + second.TimeSeconds;
        var occupied = ((before.OccupiedVcpus * AtSeconds) + (second.OccupiedVcpus * second.TimeSeconds)) / whole;
        var needed = problem.View.Application.Vms.Sum(vm => vm.Vcpus);
        return new(
            bills.Sum(bill => bill.Hosting), bills.Sum(bill => bill.Traffic), bills.Sum(bill => bill.Moving),
            whole - downtime, downtime, needed / occupied,
            Math.Max(before.PaidVcpus, second.PaidVcpus), Math.Max(before.OccupiedVcpus, second.OccupiedVcpus), sites);
    }
}

/// <summary>The world in which the second part of a course begins.</summary>
internal static class Stage
{
    /// <summary>What is left of the run so many seconds after a placement began to run, (0, 1].</summary>
    public static double ShareLeft(PlacementEstimate terms, double seconds) =>
        1 - Math.Clamp((seconds - terms.DowntimeSeconds) / terms.RunSeconds, 0, 1);

    /// <summary>The problem of placing what is left then, the VMs being where the first placement has them.</summary>
    public static PlacementProblem At(PlacementProblem problem, Evaluated first, double seconds)
    {
        var (view, application) = (problem.View, problem.View.Application);
        var share = ShareLeft(first.Estimate!.Value, seconds);
        // A span of time holds whole ticks only: rates make up for what that cuts off, so that amounts are exact.
        var remaining = TimeSpan.FromSeconds(Math.Max(share * first.Estimate.Value.RunSeconds, 1e-3));
        var limit = PlacementRules.TimeLimitSeconds(problem) - seconds;
        return new(view with
        {
            Now = view.Now.AddSeconds(seconds),
            Traffic = TrafficMatrix.Combine([(view.Traffic, share * problem.RemainingSeconds / remaining.TotalSeconds)], view.Traffic.Period),
            Work = [.. problem.Work.Select(work => work * share)],
            UsedByOthers = Used(problem, first.Assignment, seconds),
            CoolingDown = view.CoolingDown.Clear(),
            // A wanted move is made now: what is left in time goes where it is best by then.
            Wanted = null,
            Application = application with
            {
                Remaining = remaining,
                Deadline = double.IsPositiveInfinity(limit) ? null : TimeSpan.FromSeconds(Math.Max(limit, 0)),
                Budget = null,
                HarmLimit = double.PositiveInfinity,
                Vms = [.. application.Vms.Select((vm, i) => vm with { At = problem.Seats[first.Assignment[i]].Location })],
            },
        });
    }

    // What the application itself has used of a quota by then is gone.
    private static ImmutableSortedDictionary<SiteId, Occupancy> Used(PlacementProblem problem, int[] assignment, double seconds)
    {
        var used = problem.View.UsedByOthers;
        foreach (var seat in assignment.Select(seat => problem.Seats[seat]))
        {
            used = used.SetItem(
                seat.Site.Id, used.GetValueOrDefault(seat.Site.Id) + new Occupancy(0, 0, 0, seat.Offer.Vcpus * seconds / 3600));
        }

        return used;
    }
}
