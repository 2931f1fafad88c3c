namespace Federation.Domain.Estimation;

/// <summary>Execution time and cost of a placement. Checks no constraint but that the VMs that talk have links.</summary>
public static class PlacementEstimator
{
    private const double BytesPerGB = 1e9;

    /// <summary>
    /// Estimates an assignment; null if two VMs that talk, a VM and an endpoint, or a VM that moves, have no link between their sites. An offer whose price nobody
    /// knows yet counts as nothing until it is known. O(VMs + pairs + sites^2).
    /// </summary>
    /// <param name="problem">The problem.</param>
    /// <param name="assignment">Each VM's seat.</param>
    public static PlacementEstimate? Estimate(PlacementProblem problem, ReadOnlySpan<int> assignment) =>
        EstimateWithStops(problem, assignment, extraDowntimeSeconds: 0, extraMoving: 0);

    /// <summary>The same where moves make stops on their way, which take and cost so much more.</summary>
    public static PlacementEstimate? EstimateWithStops(
        PlacementProblem problem, ReadOnlySpan<int> assignment, double extraDowntimeSeconds, double extraMoving)
    {
        if (RunSeconds(problem, assignment) is not { } run || DowntimeSeconds(problem, assignment) is not { } direct)
        {
            return null;
        }

        var downtime = direct + extraDowntimeSeconds;
        double hosting = 0, traffic = 0, moving = extraMoving;
        int needed = 0, occupied = 0, paid = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            if (Bill(problem, assignment, vm, run + downtime) is not { } bill)
            {
                return null;
            }

            hosting += bill.Hosting;
            traffic += bill.Traffic;
            moving += bill.Moving;
            var vcpus = problem.Seats[assignment[vm]].Offer.Vcpus;
            needed += problem.View.Application.Vms[vm].Vcpus;
            occupied += vcpus;
            paid += bill.Hosting > 0 ? vcpus : 0;
        }

        return new(hosting, traffic, moving, run, downtime, (double)needed / occupied, paid, occupied, SiteCount(problem, assignment))
        {
            Preference = problem.Preferences.Of(assignment, problem.Seats),
        };
    }

    /// <summary>One VM's share of the bill of an assignment that lasts <paramref name="timeSeconds"/>; null as for the whole.</summary>
    public static VmBill? Bill(PlacementProblem problem, ReadOnlySpan<int> assignment, int vm, double timeSeconds)
    {
        var seat = problem.Seats[assignment[vm]];
        var hosting = Hosting(problem, vm, seat, timeSeconds);
        var traffic = Traffic(problem, assignment, vm);
        var moving = problem.Moves(vm, seat) ? Moving(problem, vm, seat) : 0;
        return traffic is { } t && moving is { } m ? new(hosting, t, m) : null;
    }

    /// <summary>What a VM's seat costs over a run of <paramref name="timeSeconds"/>, rounded as its site bills; as far as its price is known.</summary>
    public static double Hosting(PlacementProblem problem, int vm, Seat seat, double timeSeconds) =>
        seat.Offer.Price.KnownOver(problem.View.Now, seat.Site.Billing.BilledSeconds(timeSeconds, problem.Arrives(vm, seat)));

    /// <summary>What migrating a VM to a seat costs: its egress, and its old offer while it lasts; null if it cannot be.</summary>
    public static double? Moving(PlacementProblem problem, int vm, Seat seat)
    {
        var from = problem.Seats[problem.CurrentSeats[vm]];
        if (problem.Migration(vm, seat) is not { } migration || problem.LinkBetween(from.SiteIndex, seat.SiteIndex) is not { } link)
        {
            return null;
        }

        return (migration.Bytes / BytesPerGB * (double)link.EgressPerGB)
            + from.Offer.Price.KnownOver(problem.View.Now, migration.DurationSeconds);
    }

    private static double? Traffic(PlacementProblem problem, ReadOnlySpan<int> assignment, int vm)
    {
        var site = problem.Seats[assignment[vm]].SiteIndex;
        var perSecond = (problem.BytesPerSecondOutside[vm] * (double)problem.Sites[site].Network.InternetEgressPerGB) + problem.Endpoints.MoneyPerGigasecond(vm, site);
        foreach (var flow in problem.Outflows[vm])
        {
            if (problem.LinkBetween(site, problem.Seats[assignment[flow.Source]].SiteIndex) is not { } link)
            {
                return null;
            }

            perSecond += flow.BytesPerSecond * (double)link.EgressPerGB;
        }

        return perSecond / BytesPerGB * problem.RemainingSeconds;
    }

    // T(p): the slowest VM, or the fullest link, whichever lasts longer.
    private static double? RunSeconds(PlacementProblem problem, ReadOnlySpan<int> assignment)
    {
        var siteCount = problem.Sites.Length;
        var crossing = new double[siteCount * siteCount];
        double longest = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            if (VmSeconds(problem, assignment, vm, crossing) is not { } seconds)
            {
                return null;
            }

            longest = Math.Max(longest, seconds);
        }

        for (var pair = 0; pair < crossing.Length; pair++)
        {
            if (crossing[pair] > 0 && problem.LinkBetween(pair / siteCount, pair % siteCount) is { } link)
            {
                longest = Math.Max(longest, crossing[pair] * problem.RemainingSeconds / link.BytesPerSecond);
            }
        }

        return longest;
    }

    private static double? VmSeconds(PlacementProblem problem, ReadOnlySpan<int> assignment, int vm, double[] crossing)
    {
        var seat = problem.Seats[assignment[vm]];
        if (problem.Endpoints.Against(vm, seat.SiteIndex) is not null)
        {
            return null;
        }

        var receiving = problem.Endpoints.ReceiveSeconds(vm, seat.SiteIndex);
        foreach (var flow in problem.Endpoints.Of[vm].Where(flow => flow.Site != seat.SiteIndex))
        {
            crossing[(flow.Site * problem.Sites.Length) + seat.SiteIndex] += flow.Received.BytesPerSecond;
            crossing[(seat.SiteIndex * problem.Sites.Length) + flow.Site] += flow.Sent.BytesPerSecond;
        }

        foreach (var inflow in problem.Inflows[vm])
        {
            var from = problem.Seats[assignment[inflow.Source]].SiteIndex;
            if (problem.LinkBetween(from, seat.SiteIndex) is not { } link)
            {
                return null;
            }

            receiving += problem.ReceiveSeconds(inflow, link);
            if (from != seat.SiteIndex)
            {
                crossing[(from * problem.Sites.Length) + seat.SiteIndex] += inflow.BytesPerSecond;
            }
        }

        return (problem.Work[vm] / seat.Offer.Speed) + ((1 - problem.View.Application.Overlap) * receiving);
    }

    private static double? DowntimeSeconds(PlacementProblem problem, ReadOnlySpan<int> assignment)
    {
        double total = 0;
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var seat = problem.Seats[assignment[vm]];
            if (!problem.Moves(vm, seat))
            {
                continue;
            }

            if (problem.Migration(vm, seat) is not { } migration)
            {
                return null;
            }

            total += migration.DelaySeconds;
        }

        return total;
    }

    private static int SiteCount(PlacementProblem problem, ReadOnlySpan<int> assignment)
    {
        var used = new HashSet<int>();
        foreach (var seat in assignment)
        {
            used.Add(problem.Seats[seat].SiteIndex);
        }

        return used.Count;
    }
}
