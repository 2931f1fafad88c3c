using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Clocks;
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
        Endpoints = EndpointsOf(problem, course.Outcome.Assignment),
        GramsBefore = problem.IsPlaced && plan.Before is { } staying ? Emissions.Over(problem, problem.CurrentSeats, 0, staying.TimeSeconds) : null,
        GramsAfter = Emissions.Of(problem, course),
        Steps = StepsOf(problem, course.Moves, course.MoveBills),
        RunSecondsThere = course.Departure?.FirstRunSeconds ?? course.Outcome.Estimate!.Value.RunSeconds,
        LeaveAt = course.Departure is { } leaving ? problem.View.Now.After(leaving.AtSeconds) : null,
        Later = course.Departure is { } later ? StepsOf(later.Problem, later.Moves, later.MoveBills) : [],
        Then = [.. course.Later.Skip(1).Select(part => new LaterSteps(problem.View.Now.After(part.AtSeconds), StepsOf(part.Problem, part.Moves, part.MoveBills)))],
        NextEvent = KnownEvents.Next(problem.View),
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

    private static ImmutableArray<PlannedEndpoint> EndpointsOf(PlacementProblem problem, int[] assignment) =>
    [
        .. from vm in Enumerable.Range(0, problem.VmCount)
           from flow in problem.Endpoints.Of[vm]
           let at = problem.Seats[assignment[vm]].SiteIndex
           group (Cost: problem.Endpoints.MoneyPerGigasecond(flow, at) / 1e9 * problem.RemainingSeconds, Wait: problem.Endpoints.ReceiveSeconds(flow, at)) by flow.Site into site
           orderby site.Key
           let id = problem.Sites[site.Key].Id
           select new PlannedEndpoint(
               NameList.Of(problem.View.Application.Endpoints.Where(endpoint => endpoint.Site == id).Select(endpoint => endpoint.Name)), id, site.Sum(flow => flow.Cost), site.Max(flow => flow.Wait)),
    ];

    /// <summary>What is out of the ordinary about a course, for people: stops, and what has to be left in time.</summary>
    public static IEnumerable<PlanReason> Remarks(PlacementProblem problem, Course course)
    {
        var began = new HashSet<int>();
        foreach (var move in course.Moves.Where(move => !began.Add(move.Leg.Vm)))
        {
            var vm = problem.View.Application.Vms[move.Leg.Vm].Id;
            yield return new PlanReason.StopsOnTheWay(vm, problem.Seats[move.Leg.From].Location);
        }

        foreach (var remark in Unusual(problem, course.Moves).Concat(course.Later.SelectMany(later => Unusual(later.Problem, later.Moves))))
        {
            yield return remark;
        }

        foreach (var reason in course.Later.SelectMany(later => LaterReasons(problem, later)))
        {
            yield return reason;
        }
    }

    // Why VMs move later, and who will be asked then.
    private static IEnumerable<PlanReason> LaterReasons(PlacementProblem problem, Departure later)
    {
        var (from, cost) = (problem.View.Now.After(later.AtSeconds), later.MoveBills.Sum(bill => bill.Sum));
        var known = later.Because(problem.View);
        var closing = later.Moves.Select(move => problem.Seats[move.Leg.From].Site).DistinctBy(site => site.Id)
            .Select(site => (site.Id, Until: site.AvailableUntil(from))).Where(site => site.Until is { } until && until != DateTimeOffset.MaxValue)
            .Select(site => new ClosingSite(site.Id, site.Until!.Value)).ToImmutableArray();
        yield return known is null or { Kind: KnownEventKind.SiteCloses } && !closing.IsEmpty
            ? new PlanReason.SiteCloses(closing, from, later.Moves.Length, cost)
            : new PlanReason.MovesLater(from, later.Moves.Length, cost, known);
        if (Approving(problem, later) is { IsEmpty: false } approving)
        {
            yield return new PlanReason.LeavingAsks(approving);
        }
    }

    // Moves that are not what a person takes a move to be, those with the same reason together.
    private static IEnumerable<PlanReason> Unusual(PlacementProblem problem, ImmutableArray<ScheduledMove> moves)
    {
        foreach (var alike in moves.Where(move => IsRestart(problem, move.Leg)).GroupBy(move => (problem.Seats[move.Leg.From].Location, problem.Seats[move.Leg.To].Location)))
        {
            var (first, at) = (alike.First(), problem.View.Now);
            var (from, to) = (problem.Seats[first.Leg.From].Offer.Price.At(at), problem.Seats[first.Leg.To].Offer.Price.At(at));
            yield return new PlanReason.RestartsInPlace(
                NameList.Of(alike.Select(move => problem.View.Application.Vms[move.Leg.Vm].Id)), alike.Key.Item1, alike.Key.Item2,
                first.Estimate.DowntimeSeconds, first.Estimate.LostSeconds, (double?)((from - to) * alike.Count()));
        }

        var unusual = moves.Where(move => !IsRestart(problem, move.Leg) && (move.Estimate.IsCold || move.Estimate.LostSeconds > 0)).Select(move =>
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

    private static bool IsRestart(PlacementProblem problem, Leg leg) => problem.Seats[leg.From].SiteIndex == problem.Seats[leg.To].SiteIndex;

    // Who restarts neither comes nor goes.
    private static ImmutableArray<SiteId> Approving(PlacementProblem problem, Departure leaving)
    {
        var moves = leaving.Moves.Where(move => !IsRestart(problem, move.Leg)).ToList();
        return
        [
            .. moves.Select(move => problem.Seats[move.Leg.To].Site).Where(site => site.Policy.Approves(arrivals: true, departures: false))
                .Concat(moves.Select(move => problem.Seats[move.Leg.From].Site).Where(site => site.Policy.Approves(arrivals: false, departures: true)))
                .Select(site => site.Id).Distinct().Order(),
        ];
    }

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
