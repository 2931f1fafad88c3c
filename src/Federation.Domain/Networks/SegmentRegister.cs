using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>What the service keeps of one segment: where its VMs are, and what which host has to be told. Pure.</summary>
/// <remarks>
/// Immutable: each step gives a new one with a higher revision, and the same object where nothing changes. What hosts have acknowledged is not of it: they tell
/// that again and again. Holds collections: compared by reference.
/// </remarks>
public sealed partial record SegmentRegister
{
    /// <summary>The application.</summary>
    public required AppId Application { get; init; }

    /// <summary>See <see cref="Segment.Vni"/>.</summary>
    public required int Vni { get; init; }

    /// <summary>See <see cref="Segment.Mtu"/>.</summary>
    public required int Mtu { get; init; }

    /// <summary>See <see cref="Segment.Subnet"/>.</summary>
    public required Subnet Subnet { get; init; }

    /// <summary>Counts the changes.</summary>
    public long Revision { get; init; }

    /// <summary>The newest revision that concerns all hosts.</summary>
    public long Common { get; init; }

    /// <summary>Whether its application is gone: its hosts are to have nothing of it.</summary>
    public bool HasEnded { get; init; }

    /// <summary>Its VMs, those included that are nowhere and keep their addresses.</summary>
    public ImmutableSortedDictionary<VmRef, SegmentVm> Vms
    {
        get;
        init => (field, Owners) = (value, null);
    }

    = ImmutableSortedDictionary<VmRef, SegmentVm>.Empty;

    /// <summary>The hosts that have, had or expect a VM, its gateways, and its clients that were reached.</summary>
    public ImmutableSortedDictionary<VtepId, SegmentHost> Hosts { get; init; } = ImmutableSortedDictionary<VtepId, SegmentHost>.Empty;

    /// <summary>Hosts that are of it no more and have not said yet that nothing of it is left there.</summary>
    public ImmutableSortedSet<VtepId> Leaving { get; init; } = [];

    /// <summary>Interfaces that are gone, each with the revision of that, while a host may not know.</summary>
    public ImmutableSortedDictionary<SegmentPort, long> Gone { get; init; } = ImmutableSortedDictionary<SegmentPort, long>.Empty;

    /// <summary>Hosts that are gone, likewise.</summary>
    public ImmutableSortedDictionary<VtepId, long> GoneHosts { get; init; } = ImmutableSortedDictionary<VtepId, long>.Empty;

    /// <summary>Whether nothing is left of it anywhere.</summary>
    [JsonIgnore]
    public bool IsOver => HasEnded && Leaving.IsEmpty;

    /// <summary>The revision that a host has to acknowledge.</summary>
    public long DueAt(VtepId host) => Hosts.TryGetValue(host, out var known) ? Math.Max(known.Due, Common) : Revision;

    /// <summary>A host is one of its hosts, and reached so.</summary>
    public SegmentRegister Joined(VtepId host, HostNetwork network)
    {
        if (HasEnded)
        {
            return this;
        }

        var next = Revision + 1;
        return Hosts.TryGetValue(host, out var known)
            ? known.Network.IsReachedAs(network) ? this
                : this with { Revision = next, Common = next, Hosts = Hosts.SetItem(host, known with { Network = network, Revision = next }) }
            : this with
            {
                Revision = next,
                Hosts = Hosts.SetItem(host, new(network, next, next, next)),
                Leaving = Leaving.Remove(host),
                GoneHosts = GoneHosts.Remove(host),
            };
    }

    /// <summary>Takes over where a VM is by its own record; told again, or late, nothing changes.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="at">The host that owns it, one of <see cref="Hosts"/>; null: none that has the overlay.</param>
    /// <param name="epoch">The VM's newest epoch.</param>
    /// <param name="nics">Its interfaces, as <see cref="Addressed"/> gives them.</param>
    /// <param name="acknowledged">The revision that a host has acknowledged.</param>
    public SegmentRegister Placed(VmRef vm, VtepId? at, long epoch, ImmutableArray<SegmentNic> nics, Func<VtepId, long> acknowledged)
    {
        var known = Vms.GetValueOrDefault(vm) ?? SegmentVm.Unknown;
        if (HasEnded || epoch < known.Epoch || (at is null && known.At is null))
        {
            return this;
        }

        var next = Revision + 1;
        if (at is { } host && at == known.At && known.HasNics(nics))
        {
            return known.Next is not null && epoch > known.Epoch
                ? TakenBack(vm, known, epoch)
                : epoch > known.Epoch ? With(vm, known with { Epoch = epoch }) : this;
        }

        var wasExpected = at is { } there && known.Next == there && acknowledged(there) >= known.ExpectedAt;
        var moved = known.MovedTo(at, epoch, next, wasExpected) with { Nics = at is null ? known.Nics : nics };
        return With(vm, moved).Without(known.Entries(vm).Select(entry => entry.Port).Except(moved.Entries(vm).Select(entry => entry.Port)), next) with { Revision = next, Common = next };
    }

    /// <summary>A move of a VM to a host is to begin; once both hosts have acknowledged the VM's <see cref="SegmentVm.ExpectedAt"/>, it may.</summary>
    /// <param name="vm">A VM that is placed.</param>
    /// <param name="to">The host, one of <see cref="Hosts"/> and another one than it is at.</param>
    /// <param name="epoch">The move's epoch; an older one than the VM's changes nothing.</param>
    public SegmentRegister Expected(VmRef vm, VtepId to, long epoch)
    {
        if (HasEnded || Vms.GetValueOrDefault(vm) is not { At: { } at } known || at == to || epoch < known.Epoch || known.Next == to)
        {
            return this;
        }

        var next = Revision + 1;
        return With(vm, known with { Next = to, Epoch = epoch, Revision = next, ExpectedAt = next }).Concerns(next, at, to, known.Next ?? to);
    }

    /// <summary>A move of a VM is taken back before it was begun.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="epoch">The move's epoch; where the VM has another one, nothing changes.</param>
    public SegmentRegister Unexpected(VmRef vm, long epoch) =>
        Vms.GetValueOrDefault(vm) is { At: not null, Next: not null } known && known.Epoch == epoch ? TakenBack(vm, known, epoch) : this;

    /// <summary>A VM is of the application no more: its addresses are free.</summary>
    public SegmentRegister Forgotten(VmRef vm)
    {
        if (HasEnded || !Vms.TryGetValue(vm, out var known))
        {
            return this;
        }

        var next = Revision + 1;
        return (this with { Vms = Vms.Remove(vm) }).Without(known.Entries(vm).Select(entry => entry.Port), next) with { Revision = next, Common = next };
    }

    /// <summary>The application is gone.</summary>
    public SegmentRegister Ended() => HasEnded ? this : this with
    {
        HasEnded = true,
        Revision = Revision + 1,
        Leaving = Leaving.Union(Hosts.Keys.Where(host => !host.IsClient)),
        Vms = Vms.Clear(),
        Clients = Clients.Clear(),
        Gated = null,
        Hosts = Hosts.Clear(),
        Gone = Gone.Clear(),
        GoneHosts = GoneHosts.Clear(),
    };

    // Who sends on to where it is waits as well, until the host there knows.
    private SegmentRegister TakenBack(VmRef vm, SegmentVm known, long epoch) => With(vm, known.Stays(epoch, Revision + 1)).Concerns(Revision + 1, [.. known.Hosts]);

    private SegmentRegister With(VmRef vm, SegmentVm next) => this with
    {
        Vms = Vms.SetItem(vm, next),
        Owners = OwnersWith(vm, next),
        Gone = Gone.RemoveRange(next.Entries(vm).Select(entry => entry.Port)),
    };

    private SegmentRegister Without(IEnumerable<SegmentPort> ports, long revision) =>
        this with { Gone = Gone.SetItems(ports.Select(port => KeyValuePair.Create(port, revision))) };

    private SegmentRegister Concerns(long revision, params VtepId[] concerned) => this with
    {
        Revision = revision,
        Hosts = Hosts.SetItems(concerned.Where(Hosts.ContainsKey).Distinct().Select(host => KeyValuePair.Create(host, Hosts[host] with { Due = revision }))),
    };
}
