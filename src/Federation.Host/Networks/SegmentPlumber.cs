using System.Collections.Immutable;
using Federation.Actuation.Qemu;
using Federation.Domain.Hosts;
using Federation.Host.Settings;

namespace Federation.Host.Networks;

/// <summary>Sets up segments in the kernel: a bridge, the end of the tunnels to other hosts, and what both are told. What is right already is not touched. For one thread.</summary>
/// <param name="settings">The host's network.</param>
/// <param name="ahead">Tells the kernel without a program what cannot wait for one; null: nobody does, as the host's network is another than the agent's.</param>
internal sealed class SegmentPlumber(NetworkSettings settings, KernelAhead? ahead = null) : ISegmentPlumber
{
    private readonly HostPrograms programs = new(settings.Launcher);
    private readonly DeviceView view = new(new(settings.Launcher));
    private readonly TapShares? shares = settings.BytesPerSecond is { } rate ? new(new(settings.Launcher), new(new(settings.Launcher)), settings.Address, rate) : null;

    // What the kernel was told, as far as that is certain.
    private readonly Dictionary<int, SegmentRules> told = [];

    /// <inheritdoc/>
    public async Task<HostNetwork> Describe(CancellationToken cancel) =>
        new(settings.Address, settings.Mtu ?? await view.MtuOf(settings.Address, cancel));

    /// <inheritdoc/>
    public async Task<ImmutableArray<FoundSegment>> Begin(CancellationToken cancel)
    {
        ahead?.Prepare();
        var devices = await view.Devices(cancel);
        await programs.Filter(FilterRuleset.Base + FilterRuleset.ForeignTaps(Foreign(devices)), cancel);
        await TakeRights(await TapsOf(bridge => DeviceNames.VniOf(bridge) is not null, cancel), areTheirs: false, cancel);
        return [.. devices.Where(device => DeviceNames.VniOf(device.Ifname) is not null && device.Ifalias is not null).Select(device => new FoundSegment(DeviceNames.VniOf(device.Ifname)!.Value, device.Ifalias!))];
    }

    /// <inheritdoc/>
    public async Task Make(int vni, int mtu, string application, CancellationToken cancel)
    {
        var (bridge, tunnel) = (DeviceNames.Bridge(vni), DeviceNames.Tunnel(vni));
        var devices = (await view.Devices(cancel)).ToDictionary(device => device.Ifname);
        var isRight = devices.GetValueOrDefault(tunnel)?.Linkinfo?.InfoData?.IsEnd(settings.Address.ToString(), settings.Port) == true;
        told.Remove(vni);
        await programs.Batch("ip", [],
        [
            .. devices.ContainsKey(bridge) ? [] : Lines(
                $"link add name {bridge} address {DeviceNames.BridgeMac(vni)} type bridge stp_state 0 forward_delay 0 mcast_snooping 0",
                $"link set dev {bridge} addrgenmode none"),
            .. isRight || !devices.ContainsKey(tunnel) ? [] : Lines($"link del dev {tunnel}"),
            .. isRight ? [] : Lines(
                $"link add name {tunnel} address {DeviceNames.TunnelMac(vni)} type vxlan id {vni} dstport {settings.Port} local {settings.Address} nolearning ttl 64",
                $"link set dev {tunnel} addrgenmode none"),
            .. Lines(tunnel, bridge).Where(device => devices.GetValueOrDefault(device)?.Mtu != mtu).Select(device => $"link set dev {device} mtu {mtu}"),
            $"link set dev {tunnel} master {bridge}",
        ], cancel);
        // The kernel keeps neighbours of IPv6 only where it may speak it; without an address the bridge says nothing. A kernel without IPv6 has none to keep.
        await programs.Try(["tee", $"/proc/sys/net/ipv6/conf/{bridge}/disable_ipv6"], "0\n", cancel);
        await programs.Batch("bridge", [], [$"link set dev {tunnel} learning off flood off mcast_flood on bcast_flood on neigh_suppress on"], cancel);
        if (!isRight)
        {
            // What hung on the device that was there went with it.
            await programs.Filter(FilterRuleset.Segment(tunnel), cancel);
        }

        // Up at last, and the note of whose it is with it: what has the note is whole.
        await programs.Batch("ip", [], [$"link set dev {tunnel} up", $"link set dev {bridge} alias {application} up"], cancel);
    }

    /// <inheritdoc/>
    public async Task Apply(int vni, SegmentRules rules, CancellationToken cancel)
    {
        var before = told.GetValueOrDefault(vni) ?? await Read(vni, cancel);
        told.Remove(vni);
        try
        {
            await Tell(vni, RuleChanges.Between(vni, before, rules), cancel);
        }
        catch (DriverException)
        {
            // A tap may have gone, and what led to it with it; or somebody has changed what was told.
            await Tell(vni, RuleChanges.Between(vni, await Read(vni, cancel), rules), cancel);
        }

        told[vni] = rules;
    }

    /// <inheritdoc/>
    public Task Share(IReadOnlyCollection<string> taps, CancellationToken cancel) => shares?.Apply(taps, cancel) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Doubt(int vni)
    {
        told.Remove(vni);
        shares?.Doubt();
    }

    /// <inheritdoc/>
    public async Task Remove(int vni, CancellationToken cancel)
    {
        var (bridge, tunnel) = (DeviceNames.Bridge(vni), DeviceNames.Tunnel(vni));
        var names = (await view.Devices(cancel)).Select(device => device.Ifname).ToHashSet();
        // Of a VM that was stopped the tap is gone already.
        await TakeRights([.. await TapsOf(master => master == bridge, cancel), .. told.GetValueOrDefault(vni)?.Guarded ?? []], areTheirs: true, cancel);
        told.Remove(vni);
        await programs.Batch("ip", [], [.. Lines(tunnel, bridge).Where(names.Contains).Select(device => $"link del dev {device}")], cancel);
        await programs.Filter(FilterRuleset.NoSegment(tunnel), cancel);
    }

    /// <summary>What the kernel was told of a segment. A table of filters that somebody has taken away is made anew.</summary>
    /// <exception cref="DriverException">Its devices are not there.</exception>
    public async Task<SegmentRules> Read(int vni, CancellationToken cancel)
    {
        var (tunnel, sets) = (DeviceNames.Tunnel(vni), await view.Sets(cancel));
        if (!sets.HasTaps)
        {
            await programs.Filter(FilterRuleset.Base + FilterRuleset.ForeignTaps(Foreign(await view.Devices(cancel))), cancel);
        }

        if (!sets.Forwarded.ContainsKey(tunnel))
        {
            await programs.Filter(FilterRuleset.Segment(tunnel), cancel);
        }

        return await view.Rules(vni, sets, cancel);
    }

    private async Task Tell(int vni, RuleChanges changes, CancellationToken cancel)
    {
        if (!changes.IsOrdered)
        {
            ahead?.Do(DeviceNames.Tunnel(vni), changes.PortsAhead, changes.ForwardedAhead);
            await Task.WhenAll(
                programs.Filter([.. changes.First, .. changes.Last], cancel), programs.Batch("bridge", ["-force"], changes.Bridge, cancel), programs.Batch("ip", ["-force"], changes.Neighbours, cancel));
            return;
        }

        await programs.Filter(changes.First, cancel);
        await programs.Batch("bridge", ["-force"], changes.Bridge, cancel);
        await programs.Batch("ip", ["-force"], changes.Neighbours, cancel);
        await programs.Filter(changes.Last, cancel);
    }

    private async Task<HashSet<string>> TapsOf(Func<string, bool> isMeant, CancellationToken cancel) =>
        [.. (await view.Ports(cancel)).Where(port => port.Master is { } bridge && isMeant(bridge)).Select(port => port.Ifname)];

    private async Task TakeRights(HashSet<string> taps, bool areTheirs, CancellationToken cancel) =>
        await programs.Filter((await view.Sets(cancel)).Rights.Where(right => taps.Contains(right.Tap) == areTheirs).SelectMany(right => FilterRuleset.Right("delete", right)), cancel);

    private static IEnumerable<string> Foreign(IEnumerable<Device> devices) => devices
        .Where(device => device.Ifname.StartsWith(DeviceNames.TapPrefix, StringComparison.Ordinal) && device.Master is { } bridge && DeviceNames.VniOf(bridge) is null)
        .Select(device => device.Ifname);

    private static string[] Lines(params string[] lines) => lines;
}
