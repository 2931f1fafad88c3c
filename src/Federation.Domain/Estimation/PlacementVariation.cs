namespace Federation.Domain.Estimation;

/// <summary>Estimates a placement with one VM elsewhere, without working out again what that leaves as it is.</summary>
/// <remarks>O(degree + seats in use + sites) a variation. Says the same as <see cref="PlacementEstimator"/> but for rounding. Not for several threads.</remarks>
public sealed class PlacementVariation
{
    private readonly PlacementProblem problem;
    private readonly int[] assignment;
    private readonly PlacementEstimate chosen;
    private readonly double[] seconds;
    private readonly int[] slowestFirst;
    private readonly double[] crossing;
    private readonly int[] fullestFirst;
    private readonly Dictionary<(int Seat, bool Arrives), int> occupants = [];
    private readonly int[] vmsAt;
    private readonly double felt;

    /// <summary>Prepares to vary a placement that can be estimated.</summary>
    /// <exception cref="ArgumentException">It cannot.</exception>
    public PlacementVariation(PlacementProblem problem, int[] assignment)
    {
        (this.problem, this.assignment) = (problem, assignment);
        chosen = PlacementEstimator.Estimate(problem, assignment) ?? throw new ArgumentException("the placement has no estimate", nameof(assignment));
        felt = 1 - problem.View.Application.Overlap;
        vmsAt = new int[problem.Sites.Length];
        crossing = new double[vmsAt.Length * vmsAt.Length];
        seconds = new double[assignment.Length];
        for (var vm = 0; vm < assignment.Length; vm++)
        {
            var seat = problem.Seats[assignment[vm]];
            vmsAt[seat.SiteIndex]++;
            var kind = (seat.Index, problem.Arrives(vm, seat));
            occupants[kind] = occupants.GetValueOrDefault(kind) + 1;
            seconds[vm] = (problem.Work[vm] / seat.Offer.Speed) + (felt * problem.Endpoints.ReceiveSeconds(vm, seat.SiteIndex));
            foreach (var flow in problem.Endpoints.Of[vm].Where(flow => flow.Site != seat.SiteIndex))
            {
                crossing[(flow.Site * vmsAt.Length) + seat.SiteIndex] += flow.Received.BytesPerSecond;
                crossing[(seat.SiteIndex * vmsAt.Length) + flow.Site] += flow.Sent.BytesPerSecond;
            }

            foreach (var inflow in problem.Inflows[vm])
            {
                var from = SiteOf(inflow.Source);
                seconds[vm] += felt * problem.ReceiveSeconds(inflow, problem.LinkBetween(from, seat.SiteIndex)!.Value);
                crossing[(from * vmsAt.Length) + seat.SiteIndex] += from != seat.SiteIndex ? inflow.BytesPerSecond : 0;
            }
        }

        slowestFirst = [.. Enumerable.Range(0, seconds.Length).OrderByDescending(vm => seconds[vm])];
        fullestFirst = [.. Enumerable.Range(0, crossing.Length).Where(pair => crossing[pair] > 0).OrderByDescending(pair => Busy(pair, crossing[pair]))];
    }

    /// <summary>The estimate with a VM at another seat, one of its candidates; null where there is no link, or no price.</summary>
    public PlacementEstimate? With(int vm, int seat)
    {
        var (old, to) = (problem.Seats[assignment[vm]], problem.Seats[seat]);
        if (RunWith(vm, old.SiteIndex, to) is not { } run || TrafficWith(vm, old.SiteIndex, to.SiteIndex) is not { } traffic
            || MovingOf(vm, to) is not { } moves || MovingOf(vm, old) is not { } moved)
        {
            return null;
        }

        var downtime = chosen.DowntimeSeconds - moved.Downtime + moves.Downtime;
        var (hosting, paid) = HostingWith(vm, old, to, run + downtime);
        var occupied = chosen.OccupiedVcpus - old.Offer.Vcpus + to.Offer.Vcpus;
        var sites = chosen.SiteCount + (vmsAt[to.SiteIndex] == 0 ? 1 : 0) - (vmsAt[old.SiteIndex] == 1 && old.SiteIndex != to.SiteIndex ? 1 : 0);
        return new(
            hosting, traffic, chosen.Moving - moved.Money + moves.Money, run, downtime,
            chosen.Utilization * chosen.OccupiedVcpus / occupied, paid, occupied, sites)
        {
            Preference = chosen.Preference - problem.Preferences.Of(vm, old.SiteIndex) + problem.Preferences.Of(vm, to.SiteIndex),
        };
    }

    private double? RunWith(int vm, int oldSite, Seat to)
    {
        var changed = new Dictionary<int, double> { [vm] = (problem.Work[vm] / to.Offer.Speed) + (felt * problem.Endpoints.ReceiveSeconds(vm, to.SiteIndex)) };
        var links = new Dictionary<int, double>();
        foreach (var flow in problem.Endpoints.Of[vm])
        {
            Shift(links, (flow.Site, oldSite), (flow.Site, to.SiteIndex), flow.Received.BytesPerSecond);
            Shift(links, (oldSite, flow.Site), (to.SiteIndex, flow.Site), flow.Sent.BytesPerSecond);
        }

        foreach (var inflow in problem.Inflows[vm])
        {
            var from = SiteOf(inflow.Source);
            if (problem.LinkBetween(from, to.SiteIndex) is not { } link)
            {
                return null;
            }

            changed[vm] += felt * problem.ReceiveSeconds(inflow, link);
            Shift(links, (from, oldSite), (from, to.SiteIndex), inflow.BytesPerSecond);
        }

        foreach (var outflow in problem.Outflows[vm])
        {
            var there = SiteOf(outflow.Source);
            if (problem.LinkBetween(to.SiteIndex, there) is not { } link)
            {
                return null;
            }

            changed[outflow.Source] = changed.GetValueOrDefault(outflow.Source, seconds[outflow.Source])
                + (felt * (problem.ReceiveSeconds(outflow, link) - problem.ReceiveSeconds(outflow, problem.LinkBetween(oldSite, there)!.Value)));
            Shift(links, (oldSite, there), (to.SiteIndex, there), outflow.BytesPerSecond);
        }

        var longest = Math.Max(changed.Values.Max(), links.Select(pair => Busy(pair.Key, pair.Value)).DefaultIfEmpty(0).Max());
        var slowest = Array.FindIndex(slowestFirst, other => !changed.ContainsKey(other));
        var fullest = Array.FindIndex(fullestFirst, pair => !links.ContainsKey(pair));
        longest = slowest < 0 ? longest : Math.Max(longest, seconds[slowestFirst[slowest]]);
        return fullest < 0 ? longest : Math.Max(longest, Busy(fullestFirst[fullest], crossing[fullestFirst[fullest]]));
    }

    private void Shift(Dictionary<int, double> links, (int From, int To) old, (int From, int To) now, double bytes)
    {
        foreach (var ((from, to), by) in new[] { (old, -bytes), (now, bytes) })
        {
            if (from != to && by != 0)
            {
                var pair = (from * vmsAt.Length) + to;
                links[pair] = links.GetValueOrDefault(pair, crossing[pair]) + by;
            }
        }
    }

    private double Busy(int pair, double bytesPerSecond) => bytesPerSecond * problem.RemainingSeconds
        / problem.LinkBetween(pair / vmsAt.Length, pair % vmsAt.Length)!.Value.BytesPerSecond;

    private double? TrafficWith(int vm, int oldSite, int site)
    {
        var perSecond = (problem.BytesPerSecondOutside[vm]
            * (double)(problem.Sites[site].Network.InternetEgressPerGB - problem.Sites[oldSite].Network.InternetEgressPerGB))
            + problem.Endpoints.MoneyPerGigasecond(vm, site) - problem.Endpoints.MoneyPerGigasecond(vm, oldSite);
        foreach (var outflow in problem.Outflows[vm])
        {
            perSecond += outflow.BytesPerSecond * (Egress(site, SiteOf(outflow.Source)) - Egress(oldSite, SiteOf(outflow.Source)));
        }

        foreach (var inflow in problem.Inflows[vm])
        {
            perSecond += inflow.BytesPerSecond * (Egress(SiteOf(inflow.Source), site) - Egress(SiteOf(inflow.Source), oldSite));
        }

        return double.IsNaN(perSecond) ? null : chosen.Traffic + (perSecond / 1e9 * problem.RemainingSeconds);
    }

    private double Egress(int from, int to) => problem.LinkBetween(from, to) is { } link ? (double)link.EgressPerGB : double.NaN;

    private (double Money, double Downtime)? MovingOf(int vm, Seat seat) => !problem.Moves(vm, seat) ? (0, 0)
        : PlacementEstimator.Moving(problem, vm, seat) is { } money ? (money, problem.Migration(vm, seat)!.Value.DelaySeconds)
        : null;

    private (double Money, int PaidVcpus) HostingWith(int vm, Seat old, Seat to, double time)
    {
        double money = 0;
        var paid = 0;
        foreach (var ((seat, arrives), count) in occupants)
        {
            var left = count - (seat == old.Index && arrives == problem.Arrives(vm, old) ? 1 : 0);
            Add(problem.Seats[seat], arrives, left);
        }

        Add(to, problem.Arrives(vm, to), 1);
        return (money, paid);

        void Add(Seat seat, bool arrives, int count)
        {
            var each = seat.Offer.Price.KnownOver(problem.View.Now, seat.Site.Billing.BilledSeconds(time, arrives));
            money += each * count;
            paid += each > 0 ? seat.Offer.Vcpus * count : 0;
        }
    }

    private int SiteOf(int vm) => problem.Seats[assignment[vm]].SiteIndex;
}
