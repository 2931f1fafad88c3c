using Federation.Domain.Applications;
using Federation.Domain.Clocks;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Whether what a plan relies on holds now. What it does not rely on may change as it likes.</summary>
/// <remarks>
/// A plan relies on the application being as it was described, on its VMs being where the plan has them, on the sites that it touches taking
/// and giving the VMs at this moment, and on its gain, computed anew from today's prices and traffic, beating what it had to beat. A move that
/// somebody wanted need not gain anything.
/// </remarks>
public static class PlanReliance
{
    /// <summary>A no names the first thing that does not hold any more.</summary>
    /// <param name="id">The plan's name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="revision">The revision of the application's description that it was made from.</param>
    /// <param name="departs">Whether it leaves in time what closes, as it was planned: then it need not gain anything.</param>
    /// <param name="now">The world now; null: the application was deleted.</param>
    public static Verdict Check(PlanId id, Plan plan, long revision, bool departs, PlacementView? now)
    {
        if (now is null || now.Application.Id != plan.Application)
        {
            return Verdict.Reject(Refusal.ApplicationDeleted(plan.Application));
        }

        if (now.Revision != revision)
        {
            return Verdict.Reject(Refusal.PlanApplicationChanged(id.Key, plan.Application));
        }

        var places = CheckPlaces(id, plan, now);
        if (!places.IsFeasible)
        {
            return places;
        }

        if (plan.Wanted is { } wanted && now.Sites.All(site => site.Id != wanted.Site))
        {
            return Verdict.Reject(Refusal.PlanSiteRefuses(id.Key, wanted.Site, Refusal.SiteUnknown(wanted.Site)));
        }

        // What was wanted need not gain anything, as long as it is still wanted.
        var problem = new PlacementProblem(now.WithoutQuiet() with { Wanted = plan.Wanted });
        var seats = problem.Seats.ToDictionary(seat => seat.Location);
        var sites = CheckSites(id, plan, problem, seats);
        return !sites.IsFeasible || departs ? sites : CheckGain(id, plan, problem, seats);
    }

    private static Verdict CheckPlaces(PlanId id, Plan plan, PlacementView now)
    {
        foreach (var vm in now.Application.Vms)
        {
            var first = plan.Steps.FirstOrDefault(step => step.Vm == vm.Id);
            var expected = first?.From ?? plan.Placement.FirstOrDefault(planned => planned.Vm == vm.Id)?.Location;
            var starts = first is null && plan.Decision == PlanDecision.Place && vm.At is null;
            if (!starts && vm.At != expected)
            {
                return Verdict.Reject(Refusal.PlanVmElsewhere(id.Key, new(plan.Application, vm.Id), vm.At));
            }
        }

        return Verdict.Feasible;
    }

    // Each VM's way out of the site where it is and into each that it goes to.
    private static Verdict CheckSites(PlanId id, Plan plan, PlacementProblem problem, Dictionary<Location, Seat> seats)
    {
        foreach (var (index, vm) in problem.View.Application.Vms.Index())
        {
            var goals = plan.Steps.Where(step => step.Vm == vm.Id).Select(step => step.To)
                .Concat(vm.At is null ? plan.Placement.Where(planned => planned.Vm == vm.Id).Select(planned => planned.Location) : []);
            foreach (var goal in goals.Where(goal => goal != vm.At))
            {
                var refusal = seats.TryGetValue(goal, out var seat) ? SeatRules.Check(problem, index, seat).Refusal
                    : problem.Sites.Any(site => site.Id == goal.Site) ? Refusal.OfferUnknown(goal.Site, goal.Offer)
                    : Refusal.SiteUnknown(goal.Site);
                if (refusal is not null)
                {
                    return Verdict.Reject(Refusal.PlanSiteRefuses(id.Key, refusal.Arguments.Site ?? goal.Site, refusal));
                }
            }

            if (AgainstTime(plan, problem, vm) is { } closed)
            {
                return Verdict.Reject(Refusal.PlanSiteRefuses(id.Key, closed.Arguments.Site!.Value, closed));
            }

            if (AgainstLive(plan, problem, seats, index) is { } cold)
            {
                return Verdict.Reject(Refusal.PlanSiteRefuses(id.Key, cold.Arguments.Site!.Value, cold));
            }
        }

        return Verdict.Feasible;
    }

    // Begun now, a later step begins so much later: by then a window may have closed.
    private static Refusal? AgainstTime(Plan plan, PlacementProblem problem, VmSpec vm)
    {
        foreach (var step in problem.HasWindows ? plan.Steps.Where(step => step.Vm == vm.Id && !step.IsWithinSite) : [])
        {
            var at = problem.View.Now.After(step.StartSeconds);
            if (problem.Sites.FirstOrDefault(site => site.Id == step.From.Site) is { } from && !from.Policy.AcceptsDepartureAt(at))
            {
                return Refusal.DepartureWindowClosed(from.Id, at);
            }

            if (problem.Sites.FirstOrDefault(site => site.Id == step.To.Site) is { } to && !to.Policy.AcceptsArrivalAt(at))
            {
                return Refusal.ArrivalWindowClosed(to.Id, at);
            }
        }

        return null;
    }

    // What was planned live is not carried out cold, nor against what a site allows by now: it is planned anew, and then says so.
    private static Refusal? AgainstLive(Plan plan, PlacementProblem problem, Dictionary<Location, Seat> seats, int vm) =>
        plan.Steps.Where(step => step.Vm == problem.View.Application.Vms[vm].Id && !step.Estimate.IsCold)
            .Select(step => (From: seats.GetValueOrDefault(step.From), To: seats.GetValueOrDefault(step.To)))
            .Where(step => step is { From: not null, To: not null } && problem.LinkBetween(step.From.SiteIndex, step.To.SiteIndex) is not null)
            .Select(step => problem.AgainstLive(vm, step.From!.SiteIndex, step.To!.SiteIndex))
            .FirstOrDefault(refusal => refusal is not null);

    private static Verdict CheckGain(PlanId id, Plan plan, PlacementProblem problem, Dictionary<Location, Seat> seats)
    {
        if (Outcome(plan, problem, seats) is not { } outcome)
        {
            return Verdict.Reject(Refusal.PlanGainGone(id.Key, 0, 0));
        }

        if (outcome.Verdict.Refusal is { } refusal)
        {
            return Verdict.Reject(Broken(id, refusal));
        }

        var decision = MigrationDecision.Between(problem, Evaluated.Staying(problem), outcome, plan.Later.Length + plan.Then.Sum(later => later.Steps.Length));
        return decision.Takes ? Verdict.Feasible : Verdict.Reject(Refusal.PlanGainGone(id.Key, decision.Gain, decision.Needed));
    }

    private static Refusal Broken(PlanId id, Refusal refusal) => refusal.Arguments.Site is { } site
        ? Refusal.PlanSiteRefuses(id.Key, site, refusal)
        : Refusal.PlanBreaksLimit(id.Key, refusal);

    // The placement that the plan leads to, with what it costs from now on; where it is left again later, the whole course.
    private static Evaluated? Outcome(Plan plan, PlacementProblem problem, Dictionary<Location, Seat> seats)
    {
        var assignment = plan.Placement.Select(vm => seats[vm.Location].Index).ToArray();
        if (plan.LeaveAt is null)
        {
            var direct = Evaluated.Of(problem, assignment);
            return direct.Verdict.Refusal is { Code: RefusalCode.CapacityNoOrder } ? Course.WithStops(problem, direct)?.Outcome ?? direct : direct;
        }

        var stops = Stops(plan, problem, seats, assignment);
        var first = Evaluated.Of(problem.Relaxed(), assignment);
        return stops is null || !first.Verdict.IsFeasible ? first
            : Itinerary.Build(problem, stops)?.Outcome
                // Its instants have passed, or leaving takes longer by now: what closes may still be left in time.
                ?? (plan.Then.IsEmpty ? Departure.Find(problem, first, stage => Evaluated.Of(stage, stops[1].Assignment) is { Verdict.IsFeasible: true } placed ? placed : null)?.Outcome : null);
    }

    // The plan's placements with their instants as they are from now on; null: a place of a later step is gone.
    private static List<Stop>? Stops(Plan plan, PlacementProblem problem, Dictionary<Location, Seat> seats, int[] assignment)
    {
        var stops = new List<Stop> { new(0, assignment) };
        foreach (var later in plan.Then.Prepend(new(plan.LeaveAt!.Value, plan.Later)))
        {
            int[] next = [.. stops[^1].Assignment];
            foreach (var step in later.Steps)
            {
                var vm = plan.Placement.ToList().FindIndex(placed => placed.Vm == step.Vm);
                if (!seats.TryGetValue(step.To, out var seat))
                {
                    return null;
                }

                next[vm] = seat.Index;
            }

            stops.Add(new((later.At - problem.View.Now).TotalSeconds, next));
        }

        return stops;
    }
}
