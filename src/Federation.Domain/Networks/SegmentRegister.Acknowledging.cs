using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>What becomes of a segment as its hosts acknowledge it.</summary>
public sealed partial record SegmentRegister
{
    /// <summary>The register where hosts have acknowledged so much: who sends on to where VMs came back may begin, and ends once all know where they are; hosts without VMs leave.</summary>
    /// <param name="acknowledged">The revision that a host has acknowledged; one that is certainly off, and will be told all when it comes back, the highest number.</param>
    public SegmentRegister Settled(Func<VtepId, long> acknowledged)
    {
        var least = Hosts.Keys.Select(acknowledged).DefaultIfEmpty(long.MaxValue).Min();
        var next = Revision + 1;
        var (changed, concerned) = (ImmutableSortedDictionary.CreateBuilder<VmRef, SegmentVm>(), new HashSet<VtepId>());
        foreach (var (vm, known) in Vms.Where(known => known.Value.IsPending))
        {
            var settled = acknowledged(known.At!.Value) >= known.SettlesAt ? known with { SettlesAt = 0 } : known;
            settled = least >= known.MovedAt && settled.SettlesAt == 0 ? settled with { Former = [] } : settled;
            if (settled != known)
            {
                changed[vm] = settled with { Revision = next };
                concerned.UnionWith(known.Former);
            }
        }

        var register = changed.Count == 0 ? this : (this with { Vms = Vms.SetItems(changed), Owners = Owners }).Concerns(next, [.. concerned]);
        return register.WithoutUnused().Pruned(least);
    }

    /// <summary>A host says that it has nothing of the segment.</summary>
    public SegmentRegister Left(VtepId host) => Leaving.Contains(host) ? this with { Leaving = Leaving.Remove(host) } : this;

    /// <summary>Whether anything is to be settled once hosts acknowledge more.</summary>
    [JsonIgnore]
    public bool IsSettling => Vms.Values.Any(vm => vm.IsPending) || !Gone.IsEmpty || !GoneHosts.IsEmpty;

    private SegmentRegister WithoutUnused()
    {
        var used = Vms.Values.SelectMany(vm => vm.Hosts).Concat(Gated?.Gateways ?? []).Concat(Clients.Keys.Select(client => SegmentClients.IdOf(Application, client))).ToHashSet();
        var unused = Hosts.Keys.Where(host => !used.Contains(host)).ToList();
        var next = Revision + 1;
        return unused.Count == 0 ? this : this with
        {
            Revision = next,
            Common = next,
            Hosts = Hosts.RemoveRange(unused),
            Leaving = Leaving.Union(unused),
            GoneHosts = GoneHosts.SetItems(unused.Select(host => KeyValuePair.Create(host, next))),
        };
    }

    private SegmentRegister Pruned(long least)
    {
        var (ports, hosts) = (Gone.Where(gone => gone.Value <= least).Select(gone => gone.Key).ToList(), GoneHosts.Where(gone => gone.Value <= least).Select(gone => gone.Key).ToList());
        return ports.Count + hosts.Count == 0 ? this : this with { Gone = Gone.RemoveRange(ports), GoneHosts = GoneHosts.RemoveRange(hosts) };
    }
}
