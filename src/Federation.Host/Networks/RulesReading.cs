using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>Reads of what <c>bridge</c>, <c>ip</c> and <c>nft</c> print as JSON how a segment's devices are.</summary>
internal static class RulesReading
{
    private static readonly Address Everybody = Address.Mac([0, 0, 0, 0, 0, 0]);

    /// <summary>The rules of one segment.</summary>
    /// <param name="vni">The segment.</param>
    /// <param name="forwarding">What <c>bridge -j fdb show br</c> prints of its bridge.</param>
    /// <param name="neighbours">What <c>ip -j neigh show dev</c> prints of its bridge.</param>
    /// <param name="ports">What <c>bridge -j -d link show</c> prints.</param>
    /// <param name="sets">The sets of nftables.</param>
    /// <exception cref="JsonException">It is none of these.</exception>
    public static SegmentRules Of(int vni, string forwarding, string neighbours, IReadOnlyCollection<BridgePort> ports, FilterSets sets)
    {
        var (bridge, tunnel) = (DeviceNames.Bridge(vni), DeviceNames.Tunnel(vni));
        var entries = Read<ForwardingEntry>(forwarding).Where(entry => Address.TryParse(entry.Mac, out _)).Select(entry => (Mac: Address.Parse(entry.Mac), Entry: entry)).ToList();
        var behind = entries.Where(entry => entry.Entry.Ifname == tunnel && entry.Entry.Dst is not null).Select(entry => (entry.Mac, To: Address.Parse(entry.Entry.Dst!))).ToList();
        var own = ports.Where(port => port.Master == bridge).Select(port => port.Ifname).ToHashSet();
        return new(
            [.. behind.Where(way => way.Mac == Everybody).Select(way => way.To)],
            behind.Where(way => way.Mac != Everybody).ToImmutableSortedDictionary(way => way.Mac, way => way.To),
            entries.Where(entry => entry.Entry is { State: "static", Master: not null }).ToImmutableSortedDictionary(entry => entry.Mac, entry => entry.Entry.Ifname),
            Read<NeighbourEntry>(neighbours).Where(entry => entry.State.Contains("PERMANENT") && entry.Lladdr is not null)
                .ToImmutableSortedDictionary(entry => Address.Parse(entry.Dst), entry => Address.Parse(entry.Lladdr!)),
            sets.Forwarded.GetValueOrDefault(tunnel, []),
            sets.Awaited.GetValueOrDefault(tunnel, ImmutableSortedDictionary<Address, string>.Empty),
            [.. ports.Where(port => port.Master == bridge && port is { Learning: false, Flood: false } && port.Ifname != tunnel).Select(port => port.Ifname)],
            [.. sets.Rights.Where(right => own.Contains(right.Tap))]);
    }

    /// <summary>The ports of all bridges, from <c>bridge -j -d link show</c>.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static IReadOnlyCollection<BridgePort> Ports(string text) => Read<BridgePort>(text);

    /// <summary>Reads a list; what is empty has none.</summary>
    /// <exception cref="JsonException">It is no list of these.</exception>
    public static IReadOnlyList<T> Read<T>(string text) => string.IsNullOrWhiteSpace(text) ? [] : JsonSerializer.Deserialize<T[]>(text, JsonSerializerOptions.Web)!;

    private sealed record ForwardingEntry(string Mac, string Ifname, string? Dst, string? State, string? Master);

    private sealed record NeighbourEntry(string Dst, string? Lladdr, string[] State);
}

/// <summary>A port of a bridge.</summary>
/// <param name="Ifname">Its name.</param>
/// <param name="Master">The bridge.</param>
/// <param name="Learning">Whether the bridge learns from it.</param>
/// <param name="Flood">Whether it is sent what is for somebody unknown.</param>
internal sealed record BridgePort(string Ifname, string? Master, bool Learning, bool Flood);

/// <summary>What is in the sets of nftables.</summary>
/// <param name="Forwarded">What is sent on, by the end of its segment's tunnels.</param>
/// <param name="Awaited">What waits at a tap, by the end of its segment's tunnels.</param>
/// <param name="Rights">What taps may send with.</param>
internal sealed record FilterSets(
    ImmutableDictionary<string, ImmutableSortedSet<Address>> Forwarded,
    ImmutableDictionary<string, ImmutableSortedDictionary<Address, string>> Awaited,
    ImmutableSortedSet<TapRight> Rights)
{
    /// <summary>Whether the table of taps is there: who loads other rules may take all away.</summary>
    public bool HasTaps { get; private init; }

    /// <summary>Reads the share of each tap from what <c>nft -j list maps</c> prints.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static Dictionary<string, string> Shares(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.GetProperty("nftables").EnumerateArray().SelectMany(each => each.EnumerateObject())
            .Where(each => each.Name == "map" && each.Value.GetProperty("name").GetString() == FilterRuleset.Shares && each.Value.TryGetProperty("elem", out _))
            .SelectMany(each => each.Value.GetProperty("elem").EnumerateArray())
            .ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetString()!);
    }

    /// <summary>Reads what <c>nft -j list sets</c> and <c>list maps</c> print, of all families.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static FilterSets Read(params ReadOnlySpan<string> texts)
    {
        var (forwarded, rights) = (ImmutableDictionary.CreateBuilder<string, ImmutableSortedSet<Address>>(), ImmutableSortedSet.CreateBuilder<TapRight>());
        var awaited = ImmutableDictionary.CreateBuilder<string, ImmutableSortedDictionary<Address, string>>();
        var hasTaps = false;
        foreach (var text in texts)
        {
            using var document = JsonDocument.Parse(text);
            foreach (var set in document.RootElement.GetProperty("nftables").EnumerateArray().SelectMany(each => each.EnumerateObject()).Where(each => each.Name is "set" or "map").Select(each => each.Value))
            {
                var (table, name) = (set.GetProperty("table").GetString()!, set.GetProperty("name").GetString());
                var elements = set.TryGetProperty("elem", out var list) ? list.EnumerateArray().ToArray() : [];
                if (name == FilterRuleset.Forwarded)
                {
                    forwarded[table] = [.. elements.Select(element => Address.Parse(element.GetString()!))];
                }
                else if (name == FilterRuleset.Awaited)
                {
                    // A tap that is gone has only its number left: whatever it says, it is another than the one that is wanted.
                    awaited[table] = elements.ToImmutableSortedDictionary(pair => Address.Parse(pair[0].GetString()!), pair => pair[1].ToString());
                }
                else if (table == FilterRuleset.Table && FilterRuleset.Sets.Contains(name))
                {
                    hasTaps = true;
                    rights.UnionWith(elements.Select(element => element.GetProperty("concat")).Select(pair => new TapRight(pair[0].GetString()!, Address.Parse(pair[1].GetString()!))));
                }
            }
        }

        return new(forwarded.ToImmutable(), awaited.ToImmutable(), rights.ToImmutable()) { HasTaps = hasTaps };
    }
}
