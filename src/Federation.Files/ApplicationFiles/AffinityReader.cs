using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads which VMs have to be together and which apart, and sees that both can be.</summary>
/// <param name="vms">The application's VMs.</param>
/// <param name="federation">The sites that there are; null: not known.</param>
/// <param name="without">Those that the application leaves out.</param>
internal sealed class AffinityReader(ImmutableArray<VmSpec> vms, ImmutableSortedSet<SiteId>? federation, ImmutableSortedSet<SiteId> without)
{
    private readonly VmNameReader names = new(vms);
    private readonly ImmutableSortedSet<SiteId>? sites = federation?.Except(without);
    private readonly Pieces pieces = new([.. vms.Select(vm => vm.Sites is { } allowed ? vm with { Sites = allowed.Except(without) } : vm)], federation?.Except(without));

    /// <summary>The sets that have to be at one site each.</summary>
    public ImmutableArray<ImmutableArray<VmId>> ReadTogether(Section file)
    {
        var together = ImmutableArray.CreateBuilder<ImmutableArray<VmId>>();
        foreach (var item in Sets(file, "together", item => item))
        {
            var set = ReadVms(item);
            if (!pieces.Join(set))
            {
                item.Refuse("can be at no site", "what has to be together needs one site that all of it may be at: let the 'sites' of its VMs have one in common");
            }

            together.Add(set);
        }

        return together.ToImmutable();
    }

    /// <summary>The sets that have to be spread; a plain list of VMs: each at a site of its own.</summary>
    /// <remarks>After <see cref="ReadTogether"/>.</remarks>
    public ImmutableArray<Spread> ReadApart(Section file)
    {
        var apart = ImmutableArray.CreateBuilder<Spread>();
        foreach (var item in Sets(file, "apart", ListOf))
        {
            var spread = item.Node is YamlNode.Sequence ? Each(ReadVms(item)) : ReadSpread(item);
            if (spread is { Vms.Length: > 1 })
            {
                CheckRoom(item, spread);
            }

            apart.Add(spread ?? Each([]));
        }

        return apart.ToImmutable();
    }

    // What a planner would find out as well, without its saying where it stands.
    private void CheckRoom(Element item, Spread spread)
    {
        if (pieces.In(spread.Vms) is var most && most < spread.Sites)
        {
            item.Refuse($"asks for {spread.Sites} sites", $"what has to be together leaves room for {most} at most");
        }
        else if (sites is not null && sites.Count < spread.Sites)
        {
            item.Refuse(
                $"asks for {spread.Sites} sites, the federation has {sites.Count}{(without.IsEmpty ? "" : " that are not left out")}",
                $"{(sites.Count > 1 ? $"write {{ vms: [...], sites: {sites.Count} }} or less" : "leave it out")}, or describe more sites");
        }
        else if (pieces.SitesFor(spread) is var room && room < spread.Sites)
        {
            item.Refuse($"asks for {spread.Sites} sites", $"the 'sites' that its VMs may be at leave room for {room} at most");
        }
    }

    // None where they name more VMs than what is worked out of them stays quick for.
    private static IEnumerable<Element> Sets(Section file, string key, Func<Element, Element?> listOf)
    {
        var sets = file.Find(key)?.Items() ?? [];
        var named = sets.Sum(set => listOf(set)?.Node is YamlNode.Sequence list ? list.Items.Length : 0);
        if (named <= Limits.Application.NamedInSets)
        {
            return sets.TakeWhile(_ => !file.Element.Report.IsFull);
        }

        file.Refuse(key, $"names VMs {named} times, more than {Limits.Application.NamedInSets}", "write fewer or smaller sets");
        return [];
    }

    private static Element? ListOf(Element set) => set.Node switch
    {
        YamlNode.Mapping mapping when mapping.Entries.FirstOrDefault(entry => entry.Key == "vms") is { Value: { } vms } => set with { Node = vms },
        _ => set,
    };

    private static Spread Each(ImmutableArray<VmId> named) => new(named, named.Length);

    private Spread? ReadSpread(Element item)
    {
        if (item.AsSection(ApplicationShapes.Spread) is not { } section)
        {
            return null;
        }

        var named = section.Find("vms") is { } list ? ReadVms(list) : [];
        var most = section.ReadOptional("atMost", Numbers.Count);
        var least = most is { } limit && named.Length > 0 ? Spread.SitesFor(named.Length, limit) : named.Length;
        var sites = Math.Max(section.Read("sites", Numbers.Count, least), most is null ? 1 : least);
        if (most is { } atOne && pieces.Largest(named) is var largest && largest > atOne)
        {
            section.Refuse("atMost", $"lets {atOne} of them be at one site, and {largest} have to be together", $"write {largest} or more, or let fewer of them be together");
            return null;
        }

        if (sites > named.Length && named.Length > 1)
        {
            section.Refuse("sites", $"is more than the {named.Length} VMs", $"write {named.Length} or less");
        }

        return new(named, Math.Min(sites, named.Length)) { MostAtOne = most };
    }

    private ImmutableArray<VmId> ReadVms(Element list)
    {
        var items = list.Items();
        var named = names.Read(list, items);
        if (list.Node is YamlNode.Sequence && items.Length < 2)
        {
            list.Refuse("names fewer than two VMs", "name those that it holds for, such as [vm1, vm2]");
        }

        return named;
    }
}
