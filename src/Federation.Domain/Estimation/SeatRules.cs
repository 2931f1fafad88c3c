using Federation.Domain.Applications;
using Federation.Domain.Refusals;

namespace Federation.Domain.Estimation;

/// <summary>The constraints that concern one VM and one seat alone, whatever the other VMs do.</summary>
public static class SeatRules
{
    /// <summary>Whether a VM could take a seat; otherwise the first constraint that stands in the way.</summary>
    public static Verdict Check(PlacementProblem problem, int vm, Seat seat)
    {
        if (!problem.WantedSites.IsEmpty && problem.WantedSites[vm] is >= 0 and var wanted && wanted != seat.SiteIndex)
        {
            return Verdict.Reject(Refusal.WantedElsewhere(problem.View.Application.Vms[vm].Id, problem.Sites[wanted].Id));
        }

        if (problem.View.Elsewhere == problem.View.Application.Vms[vm].Id && problem.CurrentSeats[vm] == seat.Index)
        {
            return Verdict.Reject(Refusal.SiteLeftOut(seat.Site.Id));
        }

        var site = CheckSite(problem, vm, seat);
        return site.IsFeasible ? CheckOffer(problem, vm, seat) : site;
    }

    private static Verdict CheckSite(PlacementProblem problem, int vm, Seat seat)
    {
        var (application, now) = (problem.View.Application, problem.View.Now);
        var (spec, site) = (application.Vms[vm], seat.Site);
        if (site.Against(application.Tenant, spec.Id, spec.Residency, spec.Sites) is { } stranger)
        {
            return Verdict.Reject(stranger);
        }

        if (application.Without.Contains(site.Id))
        {
            return Verdict.Reject(Refusal.SiteLeftOut(site.Id));
        }

        if (site.AvailableUntil(now) is null)
        {
            return Verdict.Reject(Refusal.SiteUnavailable(site.Id, now));
        }

        if (problem.Endpoints.Against(vm, seat.SiteIndex) is { } cut)
        {
            return Verdict.Reject(cut);
        }

        return problem.Arrives(vm, seat) ? CheckArrival(problem, vm, seat) : Verdict.Feasible;
    }

    // Nobody comes and nobody leaves: the site's windows and its limits of migrations do not matter.
    private static Verdict CheckRestart(PlacementProblem problem, int vm, Seat seat) =>
        problem.Restart(vm, seat.SiteIndex) is null ? Verdict.Reject(Refusal.OfferKept(problem.View.Application.Vms[vm].Id, problem.Seats[problem.CurrentSeats[vm]].Location))
        : seat.Site is { HasHosts: true, ReadyHosts: < 2 } ? Verdict.Reject(Refusal.RestartNeedsHost(seat.Site.Id, problem.View.Application.Vms[vm].Id))
        : problem.View.Offline.Contains(seat.Site.Id) ? Verdict.Reject(Refusal.OfflineDeparture(seat.Site.Id, problem.View.Application.Vms[vm].Id))
        : CheckRest(problem, vm);

    // A VM that moves, however it does, has not moved lately, and it is no quiet hour.
    private static Verdict CheckRest(PlacementProblem problem, int vm)
    {
        var spec = problem.View.Application.Vms[vm];
        return problem.View.CoolingDown.TryGetValue(spec.Id, out var until) && until > problem.View.Now ? Verdict.Reject(Refusal.CoolDown(spec.Id, until))
            : problem.View.IsQuiet(spec.Id, problem.View.Now) ? Verdict.Reject(Refusal.QuietHours(spec.Id, problem.View.Now))
            : Verdict.Feasible;
    }

    private static Verdict CheckArrival(PlacementProblem problem, int vm, Seat seat)
    {
        var (spec, site) = (problem.View.Application.Vms[vm], seat.Site);
        if (problem.View.Offline.Contains(site.Id))
        {
            return Verdict.Reject(Refusal.OfflineArrival(site.Id));
        }

        if (!site.Policy.AcceptsArrivalAt(problem.View.Now))
        {
            return Verdict.Reject(Refusal.ArrivalWindowClosed(site.Id, problem.View.Now));
        }

        if (GuestDescription.AgainstImages(problem.View.Application, spec, site) is { } image)
        {
            return Verdict.Reject(image);
        }

        if (!problem.Moves(vm, seat))
        {
            return Verdict.Feasible;
        }

        if (CheckRest(problem, vm) is { IsFeasible: false } rests)
        {
            return rests;
        }

        var from = problem.Seats[problem.CurrentSeats[vm]].Site;
        if (problem.View.Offline.Contains(from.Id))
        {
            return Verdict.Reject(Refusal.OfflineDeparture(from.Id, spec.Id));
        }

        if (site.Policy.MigrationsIn == 0 || from.Policy.MigrationsOut == 0)
        {
            return Verdict.Reject(Refusal.MigrationsForbidden(from.Id, site.Id));
        }

        if (!from.Policy.AcceptsDepartureAt(problem.View.Now))
        {
            return Verdict.Reject(Refusal.DepartureWindowClosed(from.Id, problem.View.Now));
        }

        if (!from.Links.ContainsKey(site.Id))
        {
            return Verdict.Reject(Refusal.LinkForMove(from.Id, site.Id, spec.Id));
        }

        return problem.Migration(vm, seat) is null
            ? Verdict.Reject(problem.AgainstMove(vm, problem.Seats[problem.CurrentSeats[vm]].SiteIndex, seat.SiteIndex))
            : Verdict.Feasible;
    }

    private static Verdict CheckOffer(PlacementProblem problem, int vm, Seat seat)
    {
        var (spec, offer) = (problem.View.Application.Vms[vm], seat.Offer);
        if (!seat.IsSold)
        {
            var gone = Refusal.OfferUnknown(seat.Site.Id, offer.Name);
            return Verdict.Reject(problem.CurrentSeats[vm] == seat.Index ? gone.OfOccupant() : gone);
        }

        if (problem.Restarts(vm, seat) && CheckRestart(problem, vm, seat) is { IsFeasible: false } kept)
        {
            return kept;
        }

        if (offer.AgainstNeeds(seat.Site.Id, spec.Id, spec.Vcpus, spec.MemoryBytes) is { } small)
        {
            return Verdict.Reject(small);
        }

        if (problem.CurrentSeats[vm] != seat.Index && seat.Site.AgainstHosts(spec.Id, spec.Needs, offer) is { } hosts)
        {
            return Verdict.Reject(hosts);
        }

        if (problem.CurrentSeats[vm] != seat.Index && problem.Room.AgainstComing(seat) is { } full)
        {
            return Verdict.Reject(full);
        }

        // Nobody comes for a price that nobody knows; who is there may stay, and may leave.
        return problem.CurrentSeats[vm] != seat.Index && seat.Offer.Price.At(problem.View.Now) is null
            ? Verdict.Reject(Refusal.PriceUnknown(seat.Location, problem.View.Now))
            : Verdict.Feasible;
    }
}
