using System.Collections.Immutable;
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
        [.. (file.Find("together")?.Items() ?? []).Select(ReadVms)];

    /// <summary>The sets that have to be spread; a plain list of VMs: each at a site of its own.</summary>
    public ImmutableArray<Spread> ReadApart(Section file, ImmutableArray<ImmutableArray<VmId>> together)
    {
        var apart = ImmutableArray.CreateBuilder<Spread>();
        foreach (var item in file.Find("apart")?.Items() ?? [])
        {
            var spread = item.Node is YamlNode.Sequence ? Each(ReadVms(item)) : ReadSpread(item);
            if (spread is not null && spread.Vms.Length > 1 && Pieces(spread.Vms, together) is var most && most < spread.Sites)
            {
                item.Refuse($"asks for {spread.Sites} sites", $"what has to be together leaves room for {most} at most");
            }

            apart.Add(spread ?? Each([]));
        }

        return apart.ToImmutable();
    }

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
        var items = list.Items();
        foreach (var item in items)
        {
            if (item.Read(Names.Vm, default) is { Value: not null } vm)
            {
                Check(item, vm, named);
                named.Add(vm);
            }
        }

        if (list.Node is YamlNode.Sequence && items.Length < 2)
        {
            list.Refuse("names fewer than two VMs", "name those that it holds for, such as [vm1, vm2]");
        }

        return named.ToImmutable();
    }

    private void Check(Element item, VmId vm, ImmutableArray<VmId>.Builder before)
    {
        if (!known.Contains(vm))
        {
            item.Refuse("is no VM of this application", $"the nearest is '{Nearest.To(vm.Value, known.Select(name => name.Value ?? ""))}'");
        }
        else if (before.Contains(vm))
        {
            item.Refuse("is named twice", "name every VM once");
        }
    }

    // Into how many pieces the VMs fall at most, once those that have to be together are.
    private static int Pieces(ImmutableArray<VmId> spread, ImmutableArray<ImmutableArray<VmId>> together)
    {
        var left = spread.ToHashSet();
        var pieces = 0;
        while (left.Count > 0)
        {
            pieces++;
            var piece = new HashSet<VmId> { left.First() };
            while (together.Where(set => set.Any(piece.Contains)).SelectMany(set => set).Where(piece.Add).ToList().Count > 0)
            {
            }

            left.ExceptWith(piece);
        }

        return pieces;
    }
}
