using Federation.Domain.Applications;
using Federation.Domain.Identity;

namespace Federation.Planning.Tests.Oracle;

/// <summary>T(p), term by term of the design's section on execution time.</summary>
public static class OracleTime
{
    /// <summary>T(p) in seconds; null where VMs that talk are split over sites without a link.</summary>
    public static Rational? Run(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var vms = world.Application.Vms;
        if (vms.SelectMany(_ => vms, (source, destination) => (source, destination)).Any(pair => IsCut(world, placement, pair))
            || vms.Index().Any(vm => world.LacksEndpointLink(vm.Item, placement[vm.Index].Site)))
        {
            return null;
        }

        Rational longest = 0;
        for (var i = 0; i < vms.Length; i++)
        {
            var compute = Work(world, vms[i]) / world.OfferAt(placement[i]).Speed;
            var received = Received(world, vms[i], vm => placement[vms.IndexOf(vm)]);
            longest = Rational.Max(longest, compute + ((Rational.One - world.Application.Overlap) * received));
        }

        return Rational.Max(longest, SlowestLink(world, placement));
    }

    // W_v, in seconds of the reference core.
    private static Rational Work(OracleWorld world, VmSpec vm) => vm.At is { } at
        ? Rational.Max(world.Remaining - Received(world, vm, other => other.At), 0) * world.OfferAt(at).Speed
        : world.Remaining;

    // X_v. A peer that is nowhere yet has sent nothing over a network that is known.
    private static Rational Received(OracleWorld world, VmSpec vm, Func<VmSpec, Location?> where)
    {
        Rational sum = 0;
        foreach (var peer in world.Application.Vms.Where(peer => peer != vm))
        {
            if (where(peer) is { } from && world.Network(from.Site, where(vm)!.Value.Site) is { } network)
            {
                sum += (world.WaitsPerSecond(peer, vm) * world.Remaining * network.Latency)
                    + (world.BytesPerSecond(peer, vm) * world.Remaining / network.Bandwidth);
            }
        }

        foreach (var endpoint in world.Endpoints(vm))
        {
            if (world.Network(endpoint.Site, where(vm)!.Value.Site) is { } network)
            {
                sum += (endpoint.Waits * world.Remaining * network.Latency)
                    + (endpoint.Bytes * world.Remaining / network.Bandwidth);
            }
        }

        return sum;
    }

    private static Rational SlowestLink(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var sites = placement.Select(location => location.Site).Concat(world.Application.Endpoints.Select(endpoint => endpoint.Site))
            .Where(site => world.View.Sites.Any(known => known.Id == site)).Distinct().ToArray();
        return (
            from source in sites
            from destination in sites
            where source != destination && world.Network(source, destination) is not null
            select Crossing(world, placement, source, destination) / world.Network(source, destination)!.Value.Bandwidth).Largest();
    }

    // Bytes in T0.
    private static Rational Crossing(OracleWorld world, IReadOnlyList<Location> placement, SiteId source, SiteId destination)
    {
        var vms = world.Application.Vms;
        return (
            from sender in vms
            from receiver in vms
            where placement[vms.IndexOf(sender)].Site == source && placement[vms.IndexOf(receiver)].Site == destination
            select world.BytesPerSecond(sender, receiver) * world.Remaining).Sum() + (
            from vm in vms
            from endpoint in world.Endpoints(vm)
            let at = placement[vms.IndexOf(vm)].Site
            select ((at == destination && endpoint.Site == source ? endpoint.Bytes : 0) + (at == source && endpoint.Site == destination ? endpoint.Sent : 0)) * world.Remaining).Sum();
    }

    private static bool IsCut(OracleWorld world, IReadOnlyList<Location> placement, (VmSpec Source, VmSpec Destination) pair)
    {
        var vms = world.Application.Vms;
        return !world.View.Traffic[pair.Source.Id, pair.Destination.Id].IsNone
            && world.Network(placement[vms.IndexOf(pair.Source)].Site, placement[vms.IndexOf(pair.Destination)].Site) is null;
    }
}
