using System.Collections.Immutable;
using System.Text.Json;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>Reads of what <c>nft</c> and <c>ip</c> print as JSON where public addresses lead.</summary>
internal static class GatewayReading
{
    /// <summary>The ways of every segment. One of which a part is missing is there, and leads nowhere: so it is made anew.</summary>
    /// <param name="routed">What <c>nft -j list table ip</c> prints.</param>
    /// <param name="outside">What <c>nft -j list table netdev</c> prints.</param>
    /// <param name="neighbours">What <c>ip -j neigh show nud permanent</c> prints.</param>
    /// <param name="answered">What <c>ip -j neigh show proxy</c> prints.</param>
    /// <param name="routes">What <c>ip -j route show</c> prints.</param>
    /// <exception cref="JsonException">It is none of these.</exception>
    public static Dictionary<int, GatewayWays> Of(string routed, string outside, string neighbours, string answered, string routes)
    {
        var inner = Elements(routed, GatewayRuleset.Inner).ToDictionary(pair => Address.Parse(pair[0].GetString()!), pair => Address.Parse(pair[1].GetString()!));
        var leased = Elements(outside, GatewayRuleset.Leased).Select(element => Address.Parse(element.GetString()!)).ToHashSet();
        var macs = RulesReading.Read<Neighbour>(neighbours).Where(one => one is { Dev: not null, Lladdr: not null }).ToLookup(one => (one.Dev, Address.Parse(one.Dst)), one => Address.Parse(one.Lladdr!));
        var proxies = RulesReading.Read<Neighbour>(answered).Select(one => one.Dst).ToHashSet();
        var routed32 = RulesReading.Read<Route>(routes).Select(route => (route.Dev, route.Dst)).ToHashSet();
        var found = new Dictionary<int, ImmutableSortedDictionary<Address, GatewayWay>.Builder>();
        foreach (var pair in Elements(routed, GatewayRuleset.Outer))
        {
            var (key, address) = (pair[0].GetProperty("concat"), Address.Parse(pair[1].GetString()!));
            if (DeviceNames.RoutedVniOf(key[0].GetString()!) is { } vni)
            {
                var (device, own) = (DeviceNames.Router(vni), Address.Parse(key[1].GetString()!));
                var isWhole = inner.GetValueOrDefault(address) == own && proxies.Contains($"{address}") && routed32.Contains((device, $"{address}"));
                var ways = found.TryGetValue(vni, out var known) ? known : found[vni] = ImmutableSortedDictionary.CreateBuilder<Address, GatewayWay>();
                ways[address] = new(own, isWhole ? macs[(device, own)].FirstOrDefault() : default, leased.Contains(address));
            }
        }

        return found.ToDictionary(one => one.Key, one => new GatewayWays(one.Key, one.Value.ToImmutable()));
    }

    private static IEnumerable<JsonElement> Elements(string text, string name)
    {
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.GetProperty("nftables").EnumerateArray().SelectMany(each => each.EnumerateObject())
            .Where(each => each.Name is "set" or "map" && each.Value.GetProperty("name").GetString() == name && each.Value.TryGetProperty("elem", out _))
            .SelectMany(each => each.Value.GetProperty("elem").EnumerateArray()).Select(element => element.Clone())];
    }

    private sealed record Neighbour(string Dst, string? Dev, string? Lladdr);

    private sealed record Route(string Dst, string? Dev);
}
