using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Oracle;

/// <summary>Capacity and quotas of amounts, counted anew each time; orders of moves found by trying every one.</summary>
public static class OracleRoom
{
    /// <summary>"capacity" and "quota", where the placement as a whole, or every order of its moves, exceeds them.</summary>
    public static IEnumerable<string> Violations(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var before = Exceeded(world, placement).ToArray();
        return before.Length > 0 || HasOrder(world, placement) ? before : ["capacity"];
    }

    /// <summary>The quota that holds for the application's tenant: its own, else anyone's.</summary>
    public static Quota? QuotaAt(OracleWorld world, Site site) =>
        site.Quotas.FirstOrDefault(quota => quota.Tenant == world.Application.Tenant.Value)
        ?? site.Quotas.FirstOrDefault(quota => quota.Tenant == "*");

    /// <summary>Whether some order of the moves keeps room at every site that a VM comes to; new VMs start after the moves.</summary>
    public static bool HasOrder(OracleWorld world, IReadOnlyList<Location> placement)
    {
        var vms = world.Application.Vms;
        var movers = Enumerable.Range(0, vms.Length).Where(vm => OracleWorld.Moves(vms[vm], placement[vm])).ToImmutableHashSet();
        return Reachable(world, placement, [.. vms.Select(vm => vm.At)], movers);
    }

    private static bool Reachable(
        OracleWorld world, IReadOnlyList<Location> placement, ImmutableArray<Location?> now, ImmutableHashSet<int> left) =>
        left.IsEmpty || left.Any(vm =>
            HasRoom(world, [.. now.OfType<Location>(), placement[vm]], placement[vm])
            && Reachable(world, placement, now.SetItem(vm, placement[vm]), left.Remove(vm)));

    /// <summary>"capacity" and "quota", where the application has more than it may already: nothing more of it comes there.</summary>
    public static IEnumerable<string> TooMuch(OracleWorld world, Location to)
    {
        var now = world.Application.Vms.Select(vm => vm.At).OfType<Location>().ToArray();
        if (now.Count(at => at == to) > world.OfferAt(to).Available)
        {
            yield return "capacity";
        }

        if (now.Any(at => at.Site == to.Site) && !IsWithinQuota(world, now, world.SiteNamed(to.Site), []))
        {
            yield return "quota";
        }
    }

    private static bool HasRoom(OracleWorld world, IReadOnlyList<Location> taken, Location at) =>
        taken.Count(other => other == at) <= MostOf(world, at) && IsWithinQuota(world, taken, world.SiteNamed(at.Site), Now(world));

    private static IEnumerable<string> Exceeded(OracleWorld world, IReadOnlyList<Location> placement)
    {
        if (placement.Any(at => placement.Count(other => other == at) > MostOf(world, at)))
        {
            yield return "capacity";
        }

        if (placement.Any(at => !IsWithinQuota(world, placement, world.SiteNamed(at.Site), Now(world))))
        {
            yield return "quota";
        }
    }

    // Whatever the limit, what is there now may stay.
    private static int MostOf(OracleWorld world, Location at) =>
        Math.Max(world.OfferAt(at).Available ?? int.MaxValue, Now(world).Count(other => other == at));

    private static Location[] Now(OracleWorld world) => [.. world.Application.Vms.Select(vm => vm.At).OfType<Location>()];

    private static bool IsWithinQuota(OracleWorld world, IReadOnlyList<Location> taken, Site site, IReadOnlyList<Location> kept)
    {
        var here = taken.Where(location => location.Site == site.Id).Select(world.OfferAt).ToArray();
        var stays = kept.Where(location => location.Site == site.Id).Select(world.OfferAt).ToArray();
        var others = world.View.UsedByOthers.TryGetValue(site.Id, out var used) ? used : default(Occupancy);
        return QuotaAt(world, site) is not { } quota
            || (here.Sum(offer => offer.Vcpus) <= Math.Max((quota.Vcpus ?? int.MaxValue) - others.Vcpus, stays.Sum(offer => offer.Vcpus))
                && here.Sum(offer => offer.MemoryBytes) <= Math.Max((quota.MemoryBytes ?? long.MaxValue) - others.MemoryBytes, stays.Sum(offer => offer.MemoryBytes))
                && here.Length <= Math.Max((quota.Vms ?? int.MaxValue) - others.Vms, stays.Length));
    }
}
