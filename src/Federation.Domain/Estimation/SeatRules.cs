namespace Federation.Domain.Estimation;

/// <summary>The constraints that concern one VM and one seat alone, whatever the other VMs do.</summary>
public static class SeatRules
{
    /// <summary>Whether a VM could take a seat; otherwise the first constraint that stands in the way.</summary>
    public static Verdict Check(PlacementProblem problem, int vm, Seat seat)
    {
        var site = CheckSite(problem, vm, seat);
        return site.IsFeasible ? CheckOffer(problem, vm, seat) : site;
    }

    private static Verdict CheckSite(PlacementProblem problem, int vm, Seat seat)
    {
        var (application, now) = (problem.View.Application, problem.View.Now);
        var (spec, site) = (application.Vms[vm], seat.Site);
        if (!site.Policy.Admits(application.Tenant))
        {
            return Verdict.Reject($"policy: site {site.Id} does not admit tenant {application.Tenant}");
        }

        if (spec.Sites is { } allowed && !allowed.Contains(site.Id))
        {
            return Verdict.Reject($"allowed sites: {spec.Id} may be at {string.Join(", ", allowed)} only");
        }

        if (spec.Residency.Except(site.Policy.Residency) is { IsEmpty: false } missing)
        {
            return Verdict.Reject($"residency: site {site.Id} does not offer {string.Join(", ", missing)}, which {spec.Id} asks for");
        }

        if (site.AvailableUntil(now) is null)
        {
            return Verdict.Reject($"availability: site {site.Id} is not available at {now.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}");
        }

        return problem.Arrives(vm, seat) ? CheckArrival(problem, vm, seat) : Verdict.Feasible;
    }

    private static Verdict CheckArrival(PlacementProblem problem, int vm, Seat seat)
    {
        var (spec, site) = (problem.View.Application.Vms[vm], seat.Site);
        if (problem.View.Offline.Contains(site.Id))
        {
            return Verdict.Reject($"offline: site {site.Id} cannot be reached now, no place can be reserved there");
        }

        if (!site.Policy.AcceptsArrivalAt(problem.View.Now))
        {
            return Verdict.Reject($"arrivals: site {site.Id} takes no VM at {problem.View.Now.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}");
        }

        if (!problem.Moves(vm, seat))
        {
            return Verdict.Feasible;
        }

        if (problem.View.CoolingDown.TryGetValue(spec.Id, out var until) && until > problem.View.Now)
        {
            return Verdict.Reject($"cool-down: {spec.Id} has moved lately and stays until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        }

        var from = problem.Seats[problem.CurrentSeats[vm]].Site;
        if (problem.View.Offline.Contains(from.Id))
        {
            return Verdict.Reject($"offline: site {from.Id} cannot be reached now, {spec.Id} cannot leave it");
        }

        if (site.Policy.MigrationsIn == 0 || from.Policy.MigrationsOut == 0)
        {
            return Verdict.Reject($"migrations: the policy allows none from {from.Id} to {site.Id}");
        }

        if (!from.Policy.AcceptsDepartureAt(problem.View.Now))
        {
            return Verdict.Reject($"departures: site {from.Id} lets no VM leave at {problem.View.Now.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}");
        }

        if (!from.Links.TryGetValue(site.Id, out var link))
        {
            return Verdict.Reject($"link: there is none from {from.Id} to {site.Id}, {spec.Id} cannot move");
        }

        if (problem.Migration(vm, seat) is null)
        {
            return Verdict.Reject($"migration: {spec.Id} rewrites {spec.DirtyBytesPerSecond / 1e6:0.###} MB/s, the link from {from.Id} to "
                + $"{site.Id} carries {link.BytesPerSecond / 1e6:0.###} MB/s: a live migration would not end");
        }

        // Its old offer is paid for while it moves: what has no price cannot be planned.
        return CheckPrice(problem, problem.Seats[problem.CurrentSeats[vm]]);
    }

    private static Verdict CheckOffer(PlacementProblem problem, int vm, Seat seat)
    {
        var (spec, offer) = (problem.View.Application.Vms[vm], seat.Offer);
        if (!problem.Arrives(vm, seat) && problem.CurrentSeats[vm] != seat.Index)
        {
            return Verdict.Reject($"offer: {spec.Id} runs on {problem.Seats[problem.CurrentSeats[vm]].Location} and keeps it while it stays there");
        }

        if (offer.Vcpus < spec.Vcpus)
        {
            return Verdict.Reject($"needs: {spec.Id} needs {spec.Vcpus} vCPUs, {seat.Location} has {offer.Vcpus}");
        }

        if (offer.MemoryBytes < spec.MemoryBytes)
        {
            return Verdict.Reject($"needs: {spec.Id} needs {Gib(spec.MemoryBytes)}, {seat.Location} has {Gib(offer.MemoryBytes)}");
        }

        if (offer.Available == 0)
        {
            return Verdict.Reject($"capacity: none of {seat.Location} is available");
        }

        return CheckPrice(problem, seat);

        static string Gib(long bytes) => $"{bytes / (double)(1L << 30):0.###} GiB";
    }

    private static Verdict CheckPrice(PlacementProblem problem, Seat seat) => seat.Offer.Price.At(problem.View.Now) is null
        ? Verdict.Reject($"price: {seat.Location} has none yet at {problem.View.Now.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}")
        : Verdict.Feasible;
}
