using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Host.Networks;

namespace Federation.Host.Tests.Networks;

/// <summary>Does the lines that bridge, ip and nft are told, as slowly as they are written: one after another, and a fault where the kernel has one.</summary>
internal sealed class TrialKernel(int vni, SegmentRules begin)
{
    private readonly string tunnel = DeviceNames.Tunnel(vni);
    private readonly HashSet<string> targets = [.. begin.Rights.Where(right => right.Own.Kind == AddressKind.IPv6).Select(Target)];

    public SegmentRules Rules { get; private set; } = begin;

    /// <summary>Whether what neighbours may advertise is what taps may send with.</summary>
    public bool HasTheTargets => targets.SetEquals(Rules.Rights.Where(right => right.Own.Kind == AddressKind.IPv6).Select(Target));

    /// <summary>Does the changes and tells after each line how it is.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="isReversed">Whether those that may be done at once are done in the other order.</param>
    public IEnumerable<SegmentRules> Do(RuleChanges changes, bool isReversed = false)
    {
        foreach (var line in isReversed && !changes.IsOrdered ? [.. changes.First, .. changes.Last, .. changes.Neighbours, .. changes.Bridge] : changes.First.Concat(changes.Bridge).Concat(changes.Neighbours).Concat(changes.Last))
        {
            Do(line.Split([' ', ',', '{', '}', '"'], StringSplitOptions.RemoveEmptyEntries));
            yield return Rules;
        }
    }

    private void Do(string[] words) => Rules = words switch
    {
        ["link", "set", "dev", var tap, "learning", "off", "flood", "off"] => Rules with { Guarded = Rules.Guarded.Add(tap) },
        ["fdb", "append", "00:00:00:00:00:00", "dev", var device, "dst", var host, "self", "permanent"] when device == tunnel => Rules with { Floods = Rules.Floods.Add(Address.Parse(host)) },
        ["fdb", "del", "00:00:00:00:00:00", "dev", var device, "dst", var host, "self"] when device == tunnel => Rules with { Floods = Less(Rules.Floods, Address.Parse(host)) },
        ["fdb", "replace", var mac, "dev", var device, "dst", var host, "self", "permanent"] when device == tunnel => Rules with { Tunnels = Rules.Tunnels.SetItem(Address.Parse(mac), Address.Parse(host)) },
        ["fdb", "del", var mac, "dev", var device, "dst", var host, "self"] when device == tunnel => Rules with { Tunnels = Less(Rules.Tunnels, Address.Parse(mac), Address.Parse(host)) },
        ["fdb", "replace", var mac, "dev", var port, "master", "static"] => Rules with { Ports = Rules.Ports.SetItem(Address.Parse(mac), port) },
        ["fdb", "del", var mac, "dev", var port, "master"] => Rules with { Ports = Less(Rules.Ports, Address.Parse(mac), port) },
        ["neigh", "replace", var address, "lladdr", var mac, "dev", _, "nud", "permanent"] => Rules with { Neighbours = Rules.Neighbours.SetItem(Address.Parse(address), Address.Parse(mac)) },
        ["neigh", "del", var address, "dev", _] => Rules with { Neighbours = Less(Rules.Neighbours, Address.Parse(address), Rules.Neighbours[Address.Parse(address)]) },
        ["add", "element", "netdev", var table, "forwarded", .. var macs] when table == tunnel => Rules with { Forwarded = Rules.Forwarded.Union(macs.Select(Address.Parse)) },
        ["delete", "element", "netdev", var table, "forwarded", .. var macs] when table == tunnel => Rules with { Forwarded = macs.Select(Address.Parse).Aggregate(Rules.Forwarded, Less) },
        ["add", "element", "netdev", var table, "awaited", var mac, ":", var tap] when table == tunnel => Rules with { Awaited = Rules.Awaited.Add(Address.Parse(mac), tap) },
        ["delete", "element", "netdev", var table, "awaited", var mac] when table == tunnel => Rules with { Awaited = Less(Rules.Awaited, Address.Parse(mac), Rules.Awaited[Address.Parse(mac)]) },
        ["add", "element", "bridge", "federation", "targets", var tap, ".", var target] => Note(targets.Add($"{tap} {target}")),
        ["delete", "element", "bridge", "federation", "targets", var tap, ".", var target] => Note(targets.Remove($"{tap} {target}")),
        ["add", "element", "bridge", "federation", var set, var tap, ".", var address] when IsOf(set, address) => Rules with { Rights = Rules.Rights.Add(new(tap, Address.Parse(address))) },
        ["delete", "element", "bridge", "federation", var set, var tap, ".", var address] when IsOf(set, address) => Rules with { Rights = Less(Rules.Rights, new(tap, Address.Parse(address))) },
        _ => throw new InvalidOperationException($"nobody understands: {string.Join(' ', words)}"),
    };

    private SegmentRules Note(bool isDone) => isDone ? Rules : throw new InvalidOperationException("there is no such element, or it is there already");

    private static bool IsOf(string set, string address) => set == Address.Parse(address).Kind switch
    {
        AddressKind.Mac => "macs",
        AddressKind.IPv4 => "addresses4",
        _ => "addresses6",
    };

    private static string Target(TapRight right) => $"{right.Tap} 0x{right.Own.Number:x32}";

    private static ImmutableSortedSet<T> Less<T>(ImmutableSortedSet<T> set, T one) =>
        set.Remove(one) is var less && less.Count < set.Count ? less : throw new InvalidOperationException($"there is no {one}");

    private static ImmutableSortedDictionary<Address, T> Less<T>(ImmutableSortedDictionary<Address, T> map, Address key, T value)
        where T : notnull => map.TryGetValue(key, out var there) && there.Equals(value) ? map.Remove(key) : throw new InvalidOperationException($"{key} does not lead to {value}");
}
