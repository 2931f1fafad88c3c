using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Host.Tunnels;

/// <summary>What a host's tunnels are to be like. Pure. Holds collections: compared by reference.</summary>
/// <param name="Peers">Of each generation of its own keys: the other hosts' ends, by public key.</param>
/// <param name="Ways">How the frames for an address go: by the tunnels of a generation; null: not at all. An address that is missing: as they are.</param>
/// <param name="Guarded">Addresses from which nothing is taken that is not encrypted.</param>
internal sealed record TunnelPlan(
    ImmutableSortedDictionary<int, ImmutableSortedDictionary<string, TunnelTarget>> Peers,
    ImmutableSortedDictionary<Address, int?> Ways,
    ImmutableSortedSet<Address> Guarded)
{
    /// <summary>The plan for what is known.</summary>
    /// <remarks>
    /// Ends of one generation belong together. Frames go by the newest generation in which the two hosts have met, that is exchanged a handshake: both
    /// receive in both generations meanwhile, and none is lost when they change over, one after the other.
    /// </remarks>
    /// <param name="own">The generations of the host's own ends.</param>
    /// <param name="hosts">The other hosts with which it encrypts.</param>
    /// <param name="met">Ends that it has met.</param>
    public static TunnelPlan Of(IReadOnlyCollection<int> own, IReadOnlyCollection<EncryptedHost> hosts, IReadOnlySet<MetEnd> met)
    {
        var ends = from host in hosts from end in host.Ends where own.Contains(end.Generation) select (host, end);
        var peers = ends.GroupBy(each => each.end.Generation).ToDictionary(each => each.Key, each => each
            .DistinctBy(one => one.end.PublicKey)
            .ToImmutableSortedDictionary(one => one.end.PublicKey, one => new TunnelTarget(one.host.Address, one.end.Port), StringComparer.Ordinal));
        return new(
            own.ToImmutableSortedDictionary(generation => generation, generation => peers.GetValueOrDefault(generation) ?? ImmutableSortedDictionary.Create<string, TunnelTarget>(StringComparer.Ordinal)),
            hosts.Select(host => (host.Address, Way: WayTo(host, own, met)))
                .Where(way => way.Way.IsSome)
                .ToImmutableSortedDictionary(way => way.Address, way => way.Way.Generation),
            [.. hosts.Where(host => host.IsRequired).Select(host => host.Address)]);
    }

    // Where nothing has to be encrypted and no tunnel is there yet, frames go as they are.
    private static (bool IsSome, int? Generation) WayTo(EncryptedHost host, IReadOnlyCollection<int> own, IReadOnlySet<MetEnd> met)
    {
        var best = host.Ends.Where(end => own.Contains(end.Generation) && met.Contains(new(end.Generation, end.PublicKey))).Select(end => (int?)end.Generation).Max();
        return (best is not null || host.IsRequired, best);
    }
}

/// <summary>Another host with which frames are encrypted. Holds a list: compared by reference.</summary>
/// <param name="Address">Its address on the network below.</param>
/// <param name="Ends">Where it receives.</param>
/// <param name="IsRequired">Whether nothing may go that is not encrypted.</param>
internal sealed record EncryptedHost(Address Address, ImmutableArray<TunnelEnd> Ends, bool IsRequired);

/// <summary>Where another host's end is reached.</summary>
/// <param name="Address">Its address on the network below: the only one whose frames it may send.</param>
/// <param name="Port">Its UDP port.</param>
internal readonly record struct TunnelTarget(Address Address, int Port)
{
    private bool IsIPv6 => Address.Kind == AddressKind.IPv6;

    /// <summary>As WireGuard writes it: <c>10.0.0.2:51820</c>, <c>[fd00::2]:51820</c>.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"{(IsIPv6 ? $"[{Address}]" : Address)}:{Port}");

    /// <summary>As WireGuard writes what it may send: <c>10.0.0.2/32</c>.</summary>
    public string Allowed => $"{Address}/{(IsIPv6 ? 128 : 32)}";
}

/// <summary>Another host's end with which a handshake was exchanged.</summary>
internal readonly record struct MetEnd(int Generation, string PublicKey);
