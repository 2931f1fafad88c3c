using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Writes a course into a plan: each VM's place and bill, the migrations now, and those that come later.</summary>
internal static class PlanSteps
{
    /// <summary>The plan with placement, steps and departure.</summary>
    public static Plan Fill(PlacementProblem problem, Course course, PlanDetail detail, Plan plan) => plan with
    {
        Placement = PlacementOf(problem, course, detail),
        Steps = StepsOf(problem, course.Moves, course.MoveBills),
        RunSecondsThere = course.Departure?.FirstRunSeconds ?? course.Outcome.Estimate!.Value.RunSeconds,
        LeaveAt = course.Departure is { } leaving ? problem.View.Now.AddSeconds(leaving.AtSeconds) : null,
        Later = course.Departure is { } later ? StepsOf(later.Problem, later.Moves, later.MoveBills) : [],
    };

    private static ImmutableArray<PlannedVm> PlacementOf(PlacementProblem problem, Course course, PlanDetail detail)
    {
        // What is left in time need not stay open to the end.
        var seconds = detail == PlanDetail.Decision ? null : RunnersUp.Of(course.Departure is null ? problem : problem.Relaxed(), course.Outcome.Assignment);
        return [.. problem.View.Application.Vms.Select((vm, i) =>
            new PlannedVm(vm.Id, problem.Seats[course.Outcome.Assignment[i]].Location, course.Bills[i])
            {
                RunnerUp = seconds?[i].Second,
                Rejected = seconds?[i].Rejected ?? [],
            })];
    }

    /// <summary>What is out of the ordinary about a course, for people: stops, and what has to be left in time.</summary>
    public static IEnumerable<PlanReason> Remarks(PlacementProblem problem, Course course)
    {
        var began = new HashSet<int>();
        foreach (var move in course.Moves.Where(move => !began.Add(move.Leg.Vm)))
        {
            var vm = problem.View.Application.Vms[move.Leg.Vm].Id;
            yield return new PlanReason.StopsOnTheWay(vm, problem.Seats[move.Leg.From].Location);
        }

        foreach (var remark in Unusual(problem, course.Moves).Concat(course.Departure is { } departure ? Unusual(departure.Problem, departure.Moves) : []))
        {
            yield return remark;
        }

        if (course.Departure is { } leaving)
        {
            var sites = leaving.Moves.Select(move => problem.Seats[move.Leg.From].Site)
                .Where(site => !double.IsPositiveInfinity(PlacementRules.SecondsAvailable(problem, site))).DistinctBy(site => site.Id)
                .Select(site => new ClosingSite(site.Id, site.AvailableUntil(problem.View.Now)!.Value));
            yield return new PlanReason.SiteCloses(
                [.. sites], problem.View.Now.AddSeconds(leaving.AtSeconds), leaving.Moves.Length, leaving.MoveBills.Sum(bill => bill.Sum));
            if (Approving(problem, leaving) is { IsEmpty: false } approving)
            {
                yield return new PlanReason.LeavingAsks(approving);
            }
        }
    }

    // Moves that are not what a person takes a move to be, those with the same reason together.
    private static IEnumerable<PlanReason> Unusual(PlacementProblem problem, ImmutableArray<ScheduledMove> moves)
    {
        var unusual = moves.Where(move => move.Estimate.IsCold || move.Estimate.LostSeconds > 0).Select(move =>
        {
            var (from, to) = (problem.Seats[move.Leg.From], problem.Seats[move.Leg.To]);
            return (Move: move, From: from.Site.Id, To: to.Site.Id, Why: move.Estimate.IsCold ? problem.AgainstLive(move.Leg.Vm, from.SiteIndex, to.SiteIndex) : null);
        });
        foreach (var alike in unusual.GroupBy(move => (move.From, move.To, move.Why?.Code)))
        {
            var vms = NameList.Of(alike.Select(move => problem.View.Application.Vms[move.Move.Leg.Vm].Id));
            var (downtime, lost) = (alike.Max(move => move.Move.Estimate.DowntimeSeconds), alike.Max(move => move.Move.Estimate.LostSeconds));
            yield return alike.First().Why is { } why
                ? new PlanReason.MovesCold(vms, alike.Key.From, alike.Key.To, why, downtime, lost)
                : new PlanReason.SlowsDown(vms, alike.Key.From, alike.Key.To, lost);
        }
    }

    private static ImmutableArray<SiteId> Approving(PlacementProblem problem, Departure leaving) =>
    [
        .. leaving.Moves.Select(move => problem.Seats[move.Leg.To].Site).Where(site => site.Policy.Approves(arrivals: true, departures: false))
            .Concat(leaving.Moves.Select(move => problem.Seats[move.Leg.From].Site).Where(site => site.Policy.Approves(arrivals: false, departures: true)))
            .Select(site => site.Id).Distinct().Order(),
    ];

    private static ImmutableArray<MigrationStep> StepsOf(
        PlacementProblem problem, ImmutableArray<ScheduledMove> moves, ImmutableArray<MoveBill> bills) =>
        [.. moves.Zip(bills, (move, bill) => new MigrationStep(
            problem.View.Application.Vms[move.Leg.Vm].Id,
            problem.Seats[move.Leg.From].Location,
            problem.Seats[move.Leg.To].Location,
            move.Estimate)
        {
            StartSeconds = move.StartSeconds,
            Terms = new MoveTerms(problem.View.Application.Moves, problem.Seats[move.Leg.From].Site.Policy.Moves, problem.Seats[move.Leg.To].Site.Policy.Moves)
                .Of(!move.Estimate.IsCold, move.Estimate.DowntimeSeconds),
            Bill = bill,
        })];
}
