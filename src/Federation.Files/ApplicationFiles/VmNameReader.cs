using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads lists that name VMs of the application, each once.</summary>
/// <param name="vms">The application's VMs.</param>
internal sealed class VmNameReader(ImmutableArray<VmSpec> vms)
{
    private readonly HashSet<VmId> known = [.. vms.Select(vm => vm.Id)];

    // A VM whose name is faulty may be the one that is named.
    private readonly bool areKnown = vms.All(vm => vm.Id != default);

    /// <summary>The VMs that items name, in their order; those that cannot be read are left out.</summary>
    /// <param name="list">The list.</param>
    /// <param name="items">Its items.</param>
    public ImmutableArray<VmId> Read(Element list, IEnumerable<Element> items)
    {
        var named = ImmutableArray.CreateBuilder<VmId>();
        var before = new HashSet<VmId>();
        foreach (var item in items.TakeWhile(_ => !list.Report.IsFull))
        {
            if (item.Read(Names.Vm, default) is { Value: not null } vm)
            {
                Check(item, vm, isNew: before.Add(vm));
                named.Add(vm);
            }
        }

        return named.ToImmutable();
    }

    private void Check(Element item, VmId vm, bool isNew)
    {
        if (areKnown && !known.Contains(vm))
        {
            item.Refuse("is no VM of this application", Nearest.Advice(vm.Value, known.Select(name => name.Value ?? "")));
        }
        else if (!isNew)
        {
            item.Refuse("is named twice", "name every VM once");
        }
    }
}
