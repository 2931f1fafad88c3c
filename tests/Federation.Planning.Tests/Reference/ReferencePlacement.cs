using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Reference;

/// <summary>A placement with the execution time and the cost of the design's text, term by term and as slow as it reads.</summary>
internal sealed class ReferencePlacement
{
    private readonly PlacementView view;
    private readonly Application application;
    private readonly Dictionary<VmId, Place> now;
    private readonly Dictionary<VmId, Place> then;

    public ReferencePlacement(PlacementView view, IReadOnlyList<Location> locations)
    {
        (this.view, application) = (view, view.Application);
        then = application.Vms.Select((vm, i) => (vm.Id, Place: PlaceOf(locations[i]))).ToDictionary(entry => entry.Id, entry => entry.Place);
        now = application.Vms.Where(vm => vm.At is not null).ToDictionary(vm => vm.Id, vm => PlaceOf(vm.At!.Value));
    }

    /// <summary>A site and one of its offers.</summary>
    public sealed record Place(Site Site, Offer Offer);

    private double T0 => application.Remaining.TotalSeconds;

    public Place At(VmSpec vm) => then[vm.Id];

    public Place? Was(VmSpec vm) => now.GetValueOrDefault(vm.Id);

    /// <summary>To another site, or to another offer of its own.</summary>
    public bool Moves(VmSpec vm) => Was(vm) is { } was && (was.Site.Id != At(vm).Site.Id || was.Offer.Name != At(vm).Offer.Name);

    public bool Arrives(VmSpec vm) => Was(vm)?.Site.Id != At(vm).Site.Id;

    /// <summary>Whether all VMs that talk, and all that move, have a link to do it over.</summary>
    public bool HasLinks() =>
        Talking().All(pair => LinkOf(then[pair.Source].Site, then[pair.Destination].Site) is not null)
        && application.Vms.Where(Moves).All(vm => LinkOf(Was(vm)!.Site, At(vm).Site) is not null);

    // What goes between a VM and endpoints whose site is known: from where, to where, waits and bytes a second; as if an endpoint were a VM that never moves.
    private IEnumerable<(VmSpec Vm, Site Site, bool IsSent, double Waits, double Bytes)> WithEndpoints()
    {
        foreach (var endpoint in application.Endpoints)
        {
            if (view.Sites.SingleOrDefault(site => site.Id == endpoint.Site) is not { } site)
            {
                continue;
            }

            foreach (var vm in application.Vms)
            {
                foreach (var (flows, isSent) in new[] { (view.Traffic.SentToEndpoints, true), (view.Traffic.ReceivedFromEndpoints, false) })
                {
                    if (flows.TryGetValue(new(vm.Id, endpoint.Name), out var flow) && !flow.IsNone)
                    {
                        var back = (isSent ? view.Traffic.ReceivedFromEndpoints : view.Traffic.SentToEndpoints).GetValueOrDefault(new(vm.Id, endpoint.Name));
                        yield return (vm, site, isSent, WaitsPerSecond(flow, back), flow.Bytes / view.Traffic.Period.TotalSeconds);
                    }
                }
            }
        }
    }

    /// <summary>Whether a VM could be at a site as far as links to its endpoints go.</summary>
    public static bool ReachesEndpoints(PlacementView view, VmSpec vm, Site site) => view.Application.Endpoints.All(endpoint =>
        view.Sites.SingleOrDefault(known => known.Id == endpoint.Site) is not { } server
        || ((view.Traffic.SentToEndpoints.GetValueOrDefault(new(vm.Id, endpoint.Name)).IsNone || LinkOf(site, server) is not null)
            && (view.Traffic.ReceivedFromEndpoints.GetValueOrDefault(new(vm.Id, endpoint.Name)).IsNone || LinkOf(server, site) is not null)));

    /// <summary>What a live migration sends, takes, and makes the run longer by; null if it has no end.</summary>
    public (double Bytes, double Seconds, double Downtime)? Migration(VmSpec vm) => Migration(application, vm, Was(vm)!.Site, At(vm).Site);

    /// <summary>The same between any two sites that have a link; of one and the same: a restart.</summary>
    public static (double Bytes, double Seconds, double Downtime)? Migration(Application application, VmSpec vm, Site from, Site to)
    {
        if (from.Id == to.Id)
        {
            return application.Restarts is { } restarts ? (0, restarts.Boot.TotalSeconds, restarts.Boot.TotalSeconds + restarts.LostWork.TotalSeconds) : null;
        }

        double rate = LinkOf(from, to)!.Value.BytesPerSecond, dirty = vm.DirtyBytesPerSecond, sent = 0;
        if (dirty >= rate)
        {
            return null;
        }

        for (var round = 0; ; round++)
        {
            sent += vm.MemoryBytes * Math.Pow(dirty / rate, round);
            var left = vm.MemoryBytes * Math.Pow(dirty / rate, round + 1);
            if (left / rate <= 0.3 || round + 1 == 30)
            {
                var downtime = (left / rate) + 0.1;
                return (sent + left, (sent / rate) + downtime, downtime);
            }
        }
    }

    public ReferenceTerms Terms()
    {
        var seconds = Run() + application.Vms.Where(Moves).Sum(vm => Migration(vm)!.Value.Downtime);
        var bills = application.Vms.Select(vm => (At(vm).Offer.Vcpus, Hosting: Hosting(vm, seconds))).ToArray();
        return new(
            bills.Sum(bill => bill.Hosting),
            TrafficMoney(),
            application.Vms.Where(Moves).Sum(Moving),
            seconds,
            bills.Where(bill => bill.Hosting > 0).Sum(bill => bill.Vcpus),
            bills.Sum(bill => bill.Vcpus),
            application.Vms.Sum(vm => vm.Vcpus),
            then.Values.Select(place => place.Site.Id).Distinct().Count()) { Preference = PreferenceMoney() };
    }

    /// <summary>For each VM and each hour of the remaining time what is asked where it is at none of the sites that are preferred for it.</summary>
    public double PreferenceMoney() => (
        from vm in application.Vms
        from preference in application.Prefer
        where (preference.Vms.IsEmpty || preference.Vms.Contains(vm.Id)) && !preference.Sites.Contains(At(vm).Site.Id)
        select (double)preference.PricePerHour * T0 / 3600).Sum();

    /// <summary>Egress between sites and to the internet over the remaining time.</summary>
    public double TrafficMoney() => Talking().Sum(Egress) + application.Vms.Sum(OutsideEgress) + WithEndpoints().Sum(flow =>
        T0 * flow.Bytes / 1e9 * (double)(flow.IsSent ? LinkOf(At(flow.Vm).Site, flow.Site) : LinkOf(flow.Site, At(flow.Vm).Site))!.Value.EgressPerGB);

    /// <summary>T(p).</summary>
    public double Run()
    {
        var slowest = application.Vms.Max(vm => (Work(vm) / At(vm).Offer.Speed) + ((1 - application.Overlap) * Received(vm, then)));
        var busiest = Talking().Select(pair => (From: then[pair.Source].Site, To: then[pair.Destination].Site, Bytes: BytesPerSecond(pair)))
            .Concat(WithEndpoints().Select(flow => flow.IsSent ? (From: At(flow.Vm).Site, To: flow.Site, flow.Bytes) : (From: flow.Site, To: At(flow.Vm).Site, flow.Bytes)))
            .Where(crossing => crossing.From.Id != crossing.To.Id)
            .GroupBy(crossing => (crossing.From, crossing.To))
            .Select(crossing => crossing.Sum(flow => flow.Bytes) * T0 / LinkOf(crossing.Key.From, crossing.Key.To)!.Value.BytesPerSecond);
        return busiest.Append(slowest).Max();
    }

    private double Work(VmSpec vm) => Was(vm) is { } was ? Math.Max(T0 - Received(vm, now), 0) * was.Offer.Speed : T0;

    private double Received(VmSpec vm, Dictionary<VmId, Place> places)
    {
        double seconds = 0;
        foreach (var pair in Talking().Where(pair => pair.Destination == vm.Id && places.ContainsKey(pair.Source)))
        {
            if (LinkOf(places[pair.Source].Site, places[vm.Id].Site) is { } link)
            {
                seconds += (WaitsPerSecond(view.Traffic.Pairs[pair], view.Traffic[pair.Destination, pair.Source]) * T0 * link.LatencySeconds)
                    + (BytesPerSecond(pair) * T0 / link.BytesPerSecond);
            }
        }

        foreach (var flow in WithEndpoints().Where(flow => flow.Vm == vm && !flow.IsSent))
        {
            if (LinkOf(flow.Site, places[vm.Id].Site) is { } link)
            {
                seconds += (flow.Waits * T0 * link.LatencySeconds) + (flow.Bytes * T0 / link.BytesPerSecond);
            }
        }

        return seconds;
    }

    // Each so many packets, or each 20,000 bytes and each packet that is no whole frame of 1,514 bytes, nor the acknowledgement of two of these.
    private double WaitsPerSecond(Domain.Traffic.Flow flow, Domain.Traffic.Flow back)
    {
        var small = flow.Packets - ((flow.Bytes + (0.5 * back.Bytes)) / 1514);
        var waits = application.PacketsPerExchange is { } packets ? flow.Packets / packets : (flow.Bytes / 20_000) + (small > 0 ? small : 0);
        return waits / view.Traffic.Period.TotalSeconds;
    }

    private double Hosting(VmSpec vm, double seconds) =>
        Price(At(vm).Offer, view.Now, Billed(At(vm).Site, seconds, Arrives(vm)));

    /// <summary>To the increment, up, but for what is rounding in the last digits; at least the minimum for a VM that comes.</summary>
    public static double Billed(Site site, double seconds, bool arrives)
    {
        var increment = site.Billing.Increment.TotalSeconds;
        var whole = Math.Floor(seconds / increment);
        var billed = seconds - (whole * increment) > 1e-9 * seconds ? (whole + 1) * increment : whole * increment;
        return arrives ? Math.Max(billed, site.Billing.Minimum.TotalSeconds) : billed;
    }

    /// <summary>What an offer costs from an instant on for so many seconds.</summary>
    public static double Price(Offer offer, DateTimeOffset begin, double seconds)
    {
        double sum = 0;
        var entries = offer.Price.Entries;
        for (var i = 0; i < entries.Length; i++)
        {
            var from = Math.Max(0, (entries[i].From - begin).TotalSeconds);
            var until = i + 1 < entries.Length ? Math.Min(seconds, (entries[i + 1].From - begin).TotalSeconds) : seconds;
            sum += Math.Max(0, until - from) / 3600 * (double)entries[i].PerHour;
        }

        return sum;
    }

    private double Moving(VmSpec vm)
    {
        var (bytes, seconds, _) = Migration(vm)!.Value;
        return (bytes / 1e9 * (double)LinkOf(Was(vm)!.Site, At(vm).Site)!.Value.EgressPerGB) + Price(Was(vm)!.Offer, view.Now, seconds);
    }

    private double Egress(Domain.Traffic.VmPair pair) =>
        T0 * BytesPerSecond(pair) / 1e9 * (double)LinkOf(then[pair.Source].Site, then[pair.Destination].Site)!.Value.EgressPerGB;

    private double OutsideEgress(VmSpec vm) =>
        T0 * (view.Traffic.SentOutside.GetValueOrDefault(vm.Id).Bytes + SentElsewhere(vm)) / view.Traffic.Period.TotalSeconds / 1e9
            * (double)At(vm).Site.Network.InternetEgressPerGB;

    // Nobody knows where such an endpoint is: somewhere on the internet.
    private double SentElsewhere(VmSpec vm) => application.Endpoints.Where(endpoint => view.Sites.All(site => site.Id != endpoint.Site))
        .Sum(endpoint => view.Traffic.SentToEndpoints.GetValueOrDefault(new(vm.Id, endpoint.Name)).Bytes);

    private double BytesPerSecond(Domain.Traffic.VmPair pair) => view.Traffic.Pairs[pair].Bytes / view.Traffic.Period.TotalSeconds;

    private IEnumerable<Domain.Traffic.VmPair> Talking() => view.Traffic.Pairs.Keys;

    /// <summary>The network between two sites, or within one; null if there is none.</summary>
    public static Link? LinkOf(Site from, Site to) =>
        from.Id == to.Id ? new Link(from.Network.LatencySeconds, from.Network.BytesPerSecond, 0)
        : from.Links.TryGetValue(to.Id, out var link) ? link : null;

    /// <summary>A location by name.</summary>
    public Place PlaceOf(Location location)
    {
        var site = view.Sites.Single(site => site.Id == location.Site);
        return new(site, site.Offers.Single(offer => offer.Name == location.Offer));
    }
}
