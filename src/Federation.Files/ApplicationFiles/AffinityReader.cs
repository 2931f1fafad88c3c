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
internal sealed class AffinityReader(ImmutableArray<VmSpec> vms)
{
    private readonly HashSet<VmId> known = [.. vms.Select(vm => vm.Id)];

    /// <summary>The sets that have to be at one site each.</summary>
    public ImmutableArray<ImmutableArray<VmId>> ReadTogether(Section file) =>
        [.. Sets(file, "together", item => item).Select(ReadVms)];

    /// <summary>The sets that have to be spread; a plain list of VMs: each at a site of its own.</summary>
    public ImmutableArray<Spread> ReadApart(Section file, ImmutableArray<ImmutableArray<VmId>> together)
    {
        var apart = ImmutableArray.CreateBuilder<Spread>();
        var pieces = new Pieces(together);
        foreach (var item in Sets(file, "apart", ListOf))
        {
            var spread = item.Node is YamlNode.Sequence ? Each(ReadVms(item)) : ReadSpread(item);
            if (spread is not null && spread.Vms.Length > 1 && pieces.In(spread.Vms) is var most && most < spread.Sites)
            {
                item.Refuse($"asks for {spread.Sites} sites", $"what has to be together leaves room for {most} at most");
            }

            apart.Add(spread ?? Each([]));
        }

        return apart.ToImmutable();
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
        var sites = section.Read("sites", Numbers.Count, named.Length);
        if (sites > named.Length && named.Length > 1)
        {
            section.Refuse("sites", $"is more than the {named.Length} VMs", $"write {named.Length} or less");
        }

        return new(named, Math.Min(sites, named.Length));
    }

    private ImmutableArray<VmId> ReadVms(Element list)
    {
        var named = ImmutableArray.CreateBuilder<VmId>();
        var before = new HashSet<VmId>();
        var items = list.Items();
        foreach (var item in items.TakeWhile(_ => !list.Report.IsFull))
        {
            if (item.Read(Names.Vm, default) is { Value: not null } vm)
            {
                Check(item, vm, isNew: before.Add(vm));
                named.Add(vm);
            }
        }

        if (list.Node is YamlNode.Sequence && items.Length < 2)
        {
            list.Refuse("names fewer than two VMs", "name those that it holds for, such as [vm1, vm2]");
        }

        return named.ToImmutable();
    }

    private void Check(Element item, VmId vm, bool isNew)
    {
        if (!known.Contains(vm))
        {
            item.Refuse("is no VM of this application", $"the nearest is '{Nearest.To(vm.Value, known.Select(name => name.Value ?? ""))}'");
        }
        else if (!isNew)
        {
            item.Refuse("is named twice", "name every VM once");
        }
    }
}

/// <summary>The pieces into which VMs fall at most, once those that have to be together are.</summary>
/// <param name="together">The sets that have to be at one site each; those that share a VM are one piece.</param>
internal sealed class Pieces(ImmutableArray<ImmutableArray<VmId>> together)
{
    private readonly Dictionary<VmId, VmId> parents = Joined(together);

    /// <summary>How many pieces VMs are in.</summary>
    public int In(ImmutableArray<VmId> vms) => vms.Select(vm => RootOf(parents, vm)).Distinct().Count();

    private static Dictionary<VmId, VmId> Joined(ImmutableArray<ImmutableArray<VmId>> sets)
    {
        var parents = new Dictionary<VmId, VmId>();
        foreach (var set in sets)
        {
            foreach (var vm in set)
            {
                parents[RootOf(parents, vm)] = RootOf(parents, set[0]);
            }
        }

        return parents;
    }

    // Halves the way as it goes.
    private static VmId RootOf(Dictionary<VmId, VmId> parents, VmId vm)
    {
        while (parents.TryGetValue(vm, out var parent) && parent != vm)
        {
            vm = parents[vm] = parents.GetValueOrDefault(parent, parent);
        }

        return vm;
    }
}
