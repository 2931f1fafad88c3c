using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Portal.Watching;

/// <summary>Who talks to whom, with where the VMs are now and what it costs between sites. Compared by reference.</summary>
/// <param name="Vms">The VMs that are drawn, in order.</param>
/// <param name="Edges">The pairs that are drawn, the heaviest first.</param>
/// <param name="HiddenVms">How many VMs are not: they have no pair that is drawn.</param>
/// <param name="HiddenEdges">How many pairs that talk are not drawn, being lighter than all that are.</param>
/// <param name="HiddenShare">The share of all traffic between VMs that those carry, [0, 1].</param>
/// <param name="Outside">What the VMs exchange with others than VMs of the application, both ways together, a second.</param>
public sealed record TrafficGraph(
    ImmutableArray<GraphVm> Vms, ImmutableArray<GraphEdge> Edges, int HiddenVms, int HiddenEdges, double HiddenShare, Flow Outside)
{
    // Few enough to be found on a drawing, though they talk to nobody.
    private const int FewVms = 100;

    /// <summary>Makes it.</summary>
    /// <param name="matrix">The traffic.</param>
    /// <param name="application">Whose; where its VMs are.</param>
    /// <param name="sites">The sites, with what their links cost.</param>
    /// <param name="groups">The communication groups; of a VM that is in none: it stands alone.</param>
    /// <param name="choice">What is wanted of it.</param>
    public static TrafficGraph Of(TrafficMatrix matrix, ApplicationStatus application, ImmutableArray<SiteStatus> sites, ImmutableArray<TrackedGroup> groups, TrafficChoice choice)
    {
        var siteOf = application.Application.Vms.Zip(application.Vms).ToDictionary(pair => pair.First.Id, pair => pair.Second.At?.Site);
        var groupOf = groups.SelectMany(group => group.Members.Select(member => (member, group.Id))).ToDictionary(pair => pair.member, pair => (GroupId?)pair.Id);
        var links = sites.ToDictionary(site => site.Site.Id, site => site.Site.Links);
        var all = matrix.Pairs.Where(pair => !pair.Value.IsNone)
            .GroupBy(pair => pair.Key.Source.CompareTo(pair.Key.Destination) < 0 ? pair.Key : new VmPair(pair.Key.Destination, pair.Key.Source))
            .Select(both => EdgeOf(both.Key, matrix, siteOf, links))
            .Where(edge => choice.Vm is not { } vm || edge.Source == vm || edge.Destination == vm)
            .OrderByDescending(edge => edge.Weight(choice.ByPackets)).ThenBy(edge => edge.Source).ThenBy(edge => edge.Destination).ToList();
        var drawn = all.Take(choice.Edges).ToImmutableArray();
        var (total, seen) = (all.Sum(edge => edge.Weight(choice.ByPackets)), drawn.Sum(edge => edge.Weight(choice.ByPackets)));
        var ends = drawn.SelectMany(edge => (VmId[])[edge.Source, edge.Destination]).ToHashSet();
        var vms = siteOf.Keys.Where(vm => ends.Contains(vm) || vm == choice.Vm || siteOf.Count <= FewVms).Order()
            .Select(vm => new GraphVm(vm, siteOf[vm], groupOf.GetValueOrDefault(vm))).ToImmutableArray();
        return new(vms, drawn, siteOf.Count - vms.Length, all.Count - drawn.Length, total > 0 ? 1 - (seen / total) : 0, OutsideOf(matrix));
    }

    /// <summary>What all pairs of VMs at different sites that are drawn cost an hour; null: of one of them it is not known.</summary>
    public double? CostPerHour => Edges.Aggregate((double?)0, (sum, edge) => sum + edge.CostPerHour);

    private static GraphEdge EdgeOf(
        VmPair pair, TrafficMatrix matrix, Dictionary<VmId, SiteId?> siteOf, Dictionary<SiteId, ImmutableSortedDictionary<SiteId, Link>> links)
    {
        var seconds = matrix.Period.TotalSeconds;
        var (there, back) = (matrix[pair.Source, pair.Destination] / seconds, matrix[pair.Destination, pair.Source] / seconds);
        var (from, to) = (siteOf.GetValueOrDefault(pair.Source), siteOf.GetValueOrDefault(pair.Destination));
        return new(pair.Source, pair.Destination, there, back, from, to, from is { } one && to is { } other && one != other ? Egress(one, other, there) + Egress(other, one, back) : 0);

        // The sender's site is paid, by the byte.
        double? Egress(SiteId sender, SiteId receiver, Flow flow) => flow.Bytes == 0 ? 0
            : links.TryGetValue(sender, out var known) && known.TryGetValue(receiver, out var link) ? flow.Bytes * 3600 / 1e9 * (double)link.EgressPerGB : null;
    }

    private static Flow OutsideOf(TrafficMatrix matrix) => ((Flow[])
        [
            .. matrix.SentOutside.Values, .. matrix.ReceivedOutside.Values, .. matrix.SentToEndpoints.Values, .. matrix.ReceivedFromEndpoints.Values,
        ]).Aggregate(default(Flow), (sum, flow) => sum + flow) / matrix.Period.TotalSeconds;
}

/// <summary>A VM on a drawing of traffic.</summary>
/// <param name="Vm">Which.</param>
/// <param name="Site">Where it is; null: nowhere.</param>
/// <param name="Group">Its communication group; null: it is in none, or they are not for the viewer.</param>
public sealed record GraphVm(VmId Vm, SiteId? Site, GroupId? Group);

/// <summary>What two VMs exchange.</summary>
/// <param name="Source">The first of the two, by name.</param>
/// <param name="Destination">The other one.</param>
/// <param name="There">What the first sends to the other, a second.</param>
/// <param name="Back">What the other sends to the first, a second.</param>
/// <param name="From">Where the first is now; null: nowhere.</param>
/// <param name="To">Where the other is now; null: nowhere.</param>
/// <param name="CostPerHour">What it would cost an hour, were it to go on where the VMs are now; 0 within a site, null: there is no link between their sites, so no price.</param>
public sealed record GraphEdge(VmId Source, VmId Destination, Flow There, Flow Back, SiteId? From, SiteId? To, double? CostPerHour)
{
    /// <summary>Whether it is between two sites.</summary>
    public bool IsCut => From is { } from && To is { } to && from != to;

    /// <summary>Bytes, or packets, a second, both ways together.</summary>
    public double Weight(bool byPackets) => byPackets ? There.Packets + Back.Packets : There.Bytes + Back.Bytes;
}
