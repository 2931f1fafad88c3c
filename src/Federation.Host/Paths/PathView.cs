using System.Collections.Immutable;
using Federation.Domain.Networks;

namespace Federation.Host.Paths;

/// <summary>What a host sees of its paths to another one. Holds a list: compared by reference.</summary>
/// <param name="IsStar">Whether frames go by a relay where there are few.</param>
/// <param name="IsRequired">Whether nothing may go that is not encrypted.</param>
/// <param name="Direct">The path from host to host.</param>
/// <param name="Relays">The relays, in the order in which they are tried.</param>
internal sealed record PathView(bool IsStar, bool IsRequired, DirectSight Direct, ImmutableArray<RelaySight> Relays);

/// <summary>What a host sees of the path from host to host.</summary>
/// <param name="IsMet">Whether the two have exchanged a handshake there.</param>
/// <param name="LiveFor">How long something has been heard there without a gap; null: it is silent.</param>
internal readonly record struct DirectSight(bool IsMet, TimeSpan? LiveFor);

/// <summary>What a host sees of a relay.</summary>
/// <param name="Id">The relay.</param>
/// <param name="IsLive">Whether this host hears it.</param>
/// <param name="IsHeardThere">Whether the other host does, as it has told.</param>
internal readonly record struct RelaySight(VtepId Id, bool IsLive, bool IsHeardThere)
{
    /// <summary>Whether frames arrive that go by it.</summary>
    public bool IsUsable => IsLive && IsHeardThere;
}
