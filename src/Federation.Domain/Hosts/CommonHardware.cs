using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Domain.Hosts;

/// <summary>What a VM can believe to run on at each of several hosts, so that it can move between any two of them.</summary>
/// <param name="Hardware">The hardware, its machine type and its CPU model filled; null: the hosts have none in common.</param>
/// <param name="Lacks">What they do not have in common: an architecture, a machine type or a CPU model; null: nothing.</param>
public readonly record struct CommonHardware(GuestHardware? Hardware, string? Lacks)
{
    /// <summary>The newest machine type and the most capable CPU model that all hosts have, unless others are wanted.</summary>
    /// <remarks>
    /// Hosts rank their models by themselves: of those that all have it is the one whose worst rank is best, by name where two are alike. A host that tells no
    /// models or no machine types at all, as a plug-in's, leaves them to the others; where none tells any, they stay open. Pure: the same hosts in another
    /// order give the same.
    /// </remarks>
    /// <param name="wanted">What its description asks for.</param>
    /// <param name="hosts">The hypervisors of all hosts that it may be at; none: what is wanted is given back.</param>
    public static CommonHardware Of(GuestHardware wanted, IEnumerable<HypervisorFacts> hosts)
    {
        var all = hosts.ToList();
        if (all.Any(host => host.Architectures is { IsDefaultOrEmpty: false } known && !known.Contains(wanted.Architecture)))
        {
            return new(null, $"the architecture {wanted.Architecture}");
        }

        var machine = Best(wanted.Machine, all.Select(host => host.Machines));
        var model = Best(wanted.CpuModel, all.Select(host => host.CpuModels));
        return !machine.Has ? new(null, wanted.Machine is { } type ? $"the machine type {type}" : "any machine type")
            : !model.Has ? new(null, wanted.CpuModel is { } named ? $"the CPU model {named}" : "any CPU model")
            : new(wanted with { Machine = machine.Name, CpuModel = model.Name }, null);
    }

    private static (bool Has, string? Name) Best(string? wanted, IEnumerable<ImmutableArray<string>> ranked)
    {
        var lists = ranked.Where(list => !list.IsDefaultOrEmpty).ToList();
        if (lists.Count == 0)
        {
            return (true, wanted);
        }

        var common = lists.Skip(1).Aggregate(lists[0].AsEnumerable(), (names, list) => names.Intersect(list)).ToList();
        var best = wanted is not null
            ? common.Find(name => name == wanted)
            : common.OrderBy(name => lists.Max(list => list.IndexOf(name))).ThenBy(name => name, StringComparer.Ordinal).FirstOrDefault();
        return (best is not null, best);
    }
}
