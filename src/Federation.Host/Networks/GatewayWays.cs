using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Host.Networks;

/// <summary>What this host does for a segment whose public addresses it has. Holds a collection: compared by reference.</summary>
/// <param name="Vni">The segment's number.</param>
/// <param name="Ways">Its public addresses, each with what it leads to.</param>
internal sealed record GatewayWays(int Vni, ImmutableSortedDictionary<Address, GatewayWay> Ways)
{
    /// <summary>What a host does for a segment; null: it does not have its public addresses.</summary>
    /// <remarks>An address whose VM is nowhere is not answered for.</remarks>
    /// <param name="segment">The segment.</param>
    /// <param name="here">The host.</param>
    public static GatewayWays? Of(Segment segment, VtepId here)
    {
        if (segment.Gateway is not { } gateway || gateway.Active != here)
        {
            return null;
        }

        var ways = ImmutableSortedDictionary.CreateBuilder<Address, GatewayWay>();
        foreach (var (address, port) in gateway.Publics)
        {
            if (segment.Entries.TryGetValue(port, out var entry) && SegmentGateway.InnerOf(entry.Addresses, segment.Subnet) is { } inner)
            {
                ways[address] = new(inner, entry.Mac, !gateway.Standbys.IsEmpty);
            }
        }

        return new(segment.Vni, ways.ToImmutable());
    }
}

/// <summary>Where a public address leads.</summary>
/// <param name="Inner">The VM's address on its segment.</param>
/// <param name="Mac">The VM's hardware address.</param>
/// <param name="IsLeased">Whether it is held only while the service is heard of, as another gateway would take it over.</param>
internal readonly record struct GatewayWay(Address Inner, Address Mac, bool IsLeased);
