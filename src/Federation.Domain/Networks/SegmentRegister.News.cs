using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>What hosts are told of a segment.</summary>
public sealed partial record SegmentRegister
{
    /// <summary>What a host has to be told; null: nothing that concerns it.</summary>
    /// <param name="host">The host.</param>
    /// <param name="known">The revision that it has; 0: nobody knows what it has; null: nothing.</param>
    public SegmentUpdate? NewsFor(VtepId host, long? known) =>
        !Hosts.TryGetValue(host, out var here) ? (known is { } left ? Nothing(Application, left, Revision) : null)
        : known <= Revision && known >= DueAt(host) ? null
        // One from before it was a host last, or from a register that was lost: nobody knows what it has.
        : known is not { } since || since < here.Since || since > Revision ? Update(0)
        : Update(since);

    /// <summary>All of the segment.</summary>
    public Segment Segment() => Networks.Segment.Whole(Update(0));

    /// <summary>Tells a host that has something of a segment that nothing of it is to be left there.</summary>
    public static SegmentUpdate Nothing(AppId application, long known, long revision) => new(application, known, revision, 0, 0, Subnet.None, [], [], [], []) { Leaves = true };

    private SegmentUpdate Update(long since) => new(
        Application,
        since,
        Revision,
        Vni,
        Mtu,
        Subnet,
        [.. Vms.Where(vm => vm.Value.Revision > since).SelectMany(vm => vm.Value.Entries(vm.Key)), .. Gated is { } gate && gate.Revision > since ? gate.Entries(Application, Vni) : [], .. ClientEntries(since)],
        since == 0 ? [] : [.. Gone.Where(gone => gone.Value > since).Select(gone => gone.Key)],
        [.. Hosts.Where(host => host.Value.Revision > since).Select(host => new SegmentPeer(host.Key, host.Value.Network.Address) { Tunnels = host.Value.Network.Tunnels })],
        since == 0 ? [] : [.. GoneHosts.Where(gone => gone.Value > since).Select(gone => gone.Key)])
    { Gateway = Gated?.Gateway(Application) };
}
