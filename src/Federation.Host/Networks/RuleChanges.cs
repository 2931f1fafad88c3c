using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>What the kernel is told so that a segment's devices are as they should be, a line each, in an order in which no frame goes in a circle.</summary>
/// <remarks>
/// First nothing is sent on any more that is not to be; then where each address is; then who answers for it; at last what is sent on from now on. So a host
/// to which others send on what is its own has taken it before, and one that sends on knows where to.
/// </remarks>
/// <param name="First">For <c>nft -f</c>: what is not sent on any more, and who may send with what.</param>
/// <param name="Bridge">For <c>bridge -batch</c>.</param>
/// <param name="Neighbours">For <c>ip -batch</c>.</param>
/// <param name="Last">For <c>nft -f</c>: what is sent on, and what waits for a VM that comes.</param>
internal sealed record RuleChanges(ImmutableArray<string> First, ImmutableArray<string> Bridge, ImmutableArray<string> Neighbours, ImmutableArray<string> Last)
{
    /// <summary>Whether they have to be done in this order. Not at a move's switch, where the way to the destination is there already: then all is done at once.</summary>
    public bool IsOrdered { get; private init; }

    /// <summary>Of these the hardware addresses that are at another port of the bridge from now on, where that may be done before all else: what is sent there has a way already. In no order.</summary>
    public ImmutableArray<KeyValuePair<Address, string>> PortsAhead { get; private init; } = [];

    /// <summary>Of these what is sent on from now on, where that may be done before all else.</summary>
    public ImmutableSortedSet<Address> ForwardedAhead { get; private init; } = [];

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsNothing => First.IsEmpty && Bridge.IsEmpty && Neighbours.IsEmpty && Last.IsEmpty;

    /// <summary>What makes of the one the other. Taps that need not be guarded any more stay so: they have left the segment.</summary>
    public static RuleChanges Between(int vni, SegmentRules before, SegmentRules after)
    {
        var (bridge, tunnel) = (DeviceNames.Bridge(vni), DeviceNames.Tunnel(vni));
        var isOrdered = !before.Forwarded.IsSubsetOf(after.Forwarded)
            || after.Forwarded.Except(before.Forwarded).Any(mac => !HasWay(mac))
            || before.Awaited.Any(way => after.Awaited.GetValueOrDefault(way.Key) != way.Value);
        return new(
            [
                .. FilterRuleset.Forwarding("delete", tunnel, before.Forwarded.Except(after.Forwarded)),
                .. before.Rights.Except(after.Rights).SelectMany(right => FilterRuleset.Right("delete", right)),
                .. after.Rights.Except(before.Rights).SelectMany(right => FilterRuleset.Right("add", right)),
            ],
            [.. OfBridge(tunnel, before, after)],
            [
                .. Changed(before.Neighbours, after.Neighbours).Select(way => $"neigh replace {way.Key} lladdr {way.Value} dev {bridge} nud permanent"),
                .. before.Neighbours.Keys.Where(address => !after.Neighbours.ContainsKey(address)).Select(address => $"neigh del {address} dev {bridge}"),
            ],
            [
                .. FilterRuleset.Forwarding("add", tunnel, after.Forwarded.Except(before.Forwarded)),
                .. before.Awaited.Where(way => after.Awaited.GetValueOrDefault(way.Key) != way.Value).Select(way => FilterRuleset.NotAwaited(tunnel, way.Key)),
                .. Changed(before.Awaited, after.Awaited).Select(way => FilterRuleset.Awaiting(tunnel, way.Key, way.Value)),
            ])
        {
            IsOrdered = isOrdered,
            PortsAhead = isOrdered ? [] : [.. Changed(before.Ports, after.Ports).Where(way => before.Ports.ContainsKey(way.Key) && (way.Value != tunnel || HasWay(way.Key)))],
            ForwardedAhead = isOrdered ? [] : after.Forwarded.Except(before.Forwarded),
        };

        bool HasWay(Address mac) => before.Tunnels.TryGetValue(mac, out var host) && host == after.Tunnels[mac];
    }

    private static IEnumerable<string> OfBridge(string tunnel, SegmentRules before, SegmentRules after)
    {
        foreach (var tap in after.Guarded.Except(before.Guarded))
        {
            yield return $"link set dev {tap} learning off flood off";
        }

        foreach (var host in after.Floods.Except(before.Floods))
        {
            yield return $"fdb append 00:00:00:00:00:00 dev {tunnel} dst {host} self permanent";
        }

        // The tunnel's end is told before the bridge: what the bridge sends there has a way.
        foreach (var (mac, host) in Changed(before.Tunnels, after.Tunnels))
        {
            yield return $"fdb replace {mac} dev {tunnel} dst {host} self permanent";
        }

        foreach (var (mac, port) in Changed(before.Ports, after.Ports))
        {
            yield return $"fdb replace {mac} dev {port} master static";
        }

        foreach (var (mac, port) in before.Ports.Where(way => !after.Ports.ContainsKey(way.Key)))
        {
            yield return $"fdb del {mac} dev {port} master";
        }

        foreach (var (mac, host) in before.Tunnels.Where(way => !after.Tunnels.ContainsKey(way.Key)))
        {
            yield return $"fdb del {mac} dev {tunnel} dst {host} self";
        }

        foreach (var host in before.Floods.Except(after.Floods))
        {
            yield return $"fdb del 00:00:00:00:00:00 dev {tunnel} dst {host} self";
        }
    }

    private static IEnumerable<KeyValuePair<Address, T>> Changed<T>(ImmutableSortedDictionary<Address, T> before, ImmutableSortedDictionary<Address, T> after)
        where T : notnull => after.Where(way => !before.TryGetValue(way.Key, out var old) || !old.Equals(way.Value));
}
