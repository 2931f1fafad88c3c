using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Testing;

/// <summary>A view, and a placement of its application that may or may not hold the constraints.</summary>
/// <param name="View">The world.</param>
/// <param name="Target">Each VM's location, in the application's order; a VM that stays at its site keeps its offer.</param>
public sealed record World(PlacementView View, ImmutableArray<Location> Target)
{
    /// <summary>What a failing property shows.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {View.Application.Objective}, T0 {View.Application.Remaining.TotalSeconds} s, overlap {View.Application.Overlap}, k {View.Application.PacketsPerExchange}, margin {View.Application.Margin}, together {string.Join(" | ", View.Application.Together.Select(vms => string.Join(' ', vms)))}, apart {string.Join(" | ", View.Application.Apart.Select(apart => $"{apart.Sites}: {string.Join(' ', apart.Vms)}"))}, deadline {View.Application.Deadline}, budget {View.Application.Budget}
        {string.Join('\n', View.Application.Vms.Zip(Target, (vm, to) => string.Create(CultureInfo.InvariantCulture, $"{vm.Id}: {vm.At?.ToString() ?? "nowhere"} -> {to}, {vm.MemoryBytes} B, dirty {vm.DirtyBytesPerSecond} B/s, {vm.Vcpus} vCPUs")))}
        {string.Join('\n', View.Traffic.Pairs.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key.Source} -> {pair.Key.Destination}: {pair.Value} in {View.Traffic.Period}")))}
        {string.Join('\n', View.Sites.Select(site => $"{site.Id}: {string.Join(", ", site.Offers.Select(offer => $"{offer.Name} x{offer.Speed} {string.Join(' ', offer.Price.Entries)}"))}; {site.Billing}; links {string.Join(' ', site.Links.Keys)}"))}
        """);
}

/// <summary>Random worlds.</summary>
public static class Worlds
{
    private static readonly Gen<Occupancy> Used =
        from vms in Gen.Int[0, 4]
        from hours in Gen.Double[0, 40]
        select new Occupancy(vms * 2, vms * (4L << 30), vms, hours);

    /// <summary>1 to 8 VMs over 2 to 8 sites.</summary>
    public static readonly Gen<World> Any = Of(mostVms: 8, mostSites: 8);

    /// <summary>Few enough that every placement can be tried: 1 to 3 VMs over 2 or 3 sites.</summary>
    public static readonly Gen<World> Small = Of(mostVms: 3, mostSites: 3);

    private static Gen<World> Of(int mostVms, int mostSites) =>
        from sites in RandomSites.Federation(2, mostSites)
        from application in RandomApplications.In(sites, mostVms)
        from traffic in RandomTraffic.Between([.. application.Vms.Select(vm => vm.Id)])
        from others in Used.Nullable(0.8).Array[sites.Length]
        from stays in Gen.OneOf(0.0, 0.5, 0.9)
        from spread in Gen.OneOf(true, false)
        from together in RandomApplications.LocationIn(sites)
        from wishes in RandomApplications.LocationIn(sites).Array[application.Vms.Length]
        from chances in Gen.Double[0, 1].Array[application.Vms.Length]
        from server in RandomApplications.LocationIn(sites).Nullable(0.6)
        from toServer in RandomTraffic.FlowPerSecond.Nullable(0.4).Array[application.Vms.Length * 2]
        let view = new PlacementView
        {
            Application = server is { } at ? application with { Endpoints = [new("nfs", [Address.Parse("10.9.0.1")], at.Site)] } : application,
            Sites = sites,
            Traffic = server is null ? traffic : traffic with { SentToEndpoints = WithServer(application, traffic, toServer, 0), ReceivedFromEndpoints = WithServer(application, traffic, toServer, 1) },
            Now = RandomPrices.Now,
            UsedByOthers = sites.Zip(others).Where(pair => pair.Second is not null)
                .ToImmutableSortedDictionary(pair => pair.First.Id, pair => pair.Second!.Value),
        }
        select new World(view, [.. application.Vms.Select((vm, i) =>
            Kept(vm.At, chances[i] < stays, spread ? wishes[i] : together))]);

    private static ImmutableSortedDictionary<EndpointPair, Flow> WithServer(Application application, TrafficMatrix traffic, Flow?[] perSecond, int way) =>
        application.Vms.Index().Where(vm => perSecond[(vm.Index * 2) + way] is not null).ToImmutableSortedDictionary(
            vm => new EndpointPair(vm.Item.Id, "nfs"), vm => perSecond[(vm.Index * 2) + way]!.Value * traffic.Period.TotalSeconds);

    private static Location Kept(Location? at, bool stays, Location wish) =>
        at is { } here && (stays || here.Site == wish.Site) ? here : wish;
}
