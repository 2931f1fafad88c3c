using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Costs;

/// <summary>What an application cost at one site, in the federation's currency.</summary>
/// <param name="Hosting">Its VMs' offers.</param>
/// <param name="Traffic">What its VMs sent to other sites and to the internet.</param>
/// <param name="Moving">What moves sent, and the second place of VMs that moved.</param>
public readonly record struct SiteCost(double Hosting, double Traffic, double Moving)
{
    /// <summary>All of it.</summary>
    public double Sum => Hosting + Traffic + Moving;

    /// <summary>Both, part by part.</summary>
    public static SiteCost operator +(SiteCost one, SiteCost other) =>
        new(one.Hosting + other.Hosting, one.Traffic + other.Traffic, one.Moving + other.Moving);
}

/// <summary>What an application cost in a while. Holds a collection: compared by reference.</summary>
/// <param name="From">The first instant.</param>
/// <param name="Until">The first instant after it; what lies between two slices was not looked at.</param>
/// <param name="Sites">The costs, by site.</param>
/// <param name="Stayed">What it would have cost had each VM stayed where it was first seen; moving is 0.</param>
/// <param name="IsPartial">Whether some price was not known: the sums are too small.</param>
public sealed record CostSlice(
    DateTimeOffset From, DateTimeOffset Until, ImmutableSortedDictionary<SiteId, SiteCost> Sites, SiteCost Stayed, bool IsPartial)
{
    /// <summary>All sites together.</summary>
    public SiteCost Total() => Sites.Values.Aggregate(default(SiteCost), (sum, cost) => sum + cost);

    /// <summary>Both as one, from the earlier begin to the later end.</summary>
    internal CostSlice With(CostSlice later) => new(
        From < later.From ? From : later.From,
        Until > later.Until ? Until : later.Until,
        later.Sites.Aggregate(Sites, (sum, site) => Plus(sum, site.Key, site.Value)),
        Stayed + later.Stayed,
        IsPartial || later.IsPartial);

    internal static ImmutableSortedDictionary<SiteId, SiteCost> Plus(ImmutableSortedDictionary<SiteId, SiteCost> sites, SiteId site, SiteCost cost) =>
        cost == default ? sites : sites.SetItem(site, sites.GetValueOrDefault(site) + cost);
}

/// <summary>A VM that has moved.</summary>
/// <param name="Migration">Its migration.</param>
/// <param name="At">When it was done.</param>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it was.</param>
/// <param name="To">Where it went.</param>
/// <param name="Bytes">What was sent; what was expected, where the hypervisor told nothing.</param>
/// <param name="Cost">What that and its second place cost, in currency.</param>
public sealed record MoveMark(MigrationId Migration, DateTimeOffset At, VmId Vm, Location From, Location To, double Bytes, double Cost);
