using System.Collections.Immutable;

namespace Federation.Domain.Networks;

/// <summary>A gateway as the service finds it at a moment.</summary>
/// <param name="Host">The host.</param>
/// <param name="IsFit">Whether it may have addresses: it is neither fenced nor being emptied.</param>
/// <param name="SilentFor">Since when its agent has not asked to hold its addresses; null: that could not be found out.</param>
public readonly record struct GatewayStanding(VtepId Host, bool IsFit, TimeSpan? SilentFor)
{
    /// <summary>Whether it holds its addresses, as far as is known.</summary>
    public bool IsHeard => SilentFor is { } silence && silence < SegmentGateway.TakenOverAfter;

    /// <summary>Whether it keeps the addresses that it has.</summary>
    public bool Keeps => IsFit && (SilentFor is null || IsHeard);
}

/// <summary>Which of a site's gateways has a segment's public addresses.</summary>
public static class GatewayChoice
{
    /// <summary>The gateway.</summary>
    /// <remarks>
    /// The one that has them keeps them while it is fit, and heard of or not known to be silent. Otherwise it is the first of the others that is fit and heard of, in an order that begins
    /// elsewhere for each segment, so that they share the work. Where none is, nothing changes: nobody could do better.
    /// </remarks>
    /// <param name="active">The one that has them; null: none yet.</param>
    /// <param name="gateways">All that could, by name.</param>
    /// <param name="vni">The segment's number.</param>
    /// <returns>Null: there is none at all.</returns>
    public static VtepId? Of(VtepId? active, ImmutableArray<GatewayStanding> gateways, int vni)
    {
        if (gateways.IsEmpty)
        {
            return null;
        }

        var now = gateways.Where(gateway => gateway.Host == active).Select(gateway => (GatewayStanding?)gateway).FirstOrDefault();
        if (now is { Keeps: true })
        {
            return active;
        }

        var order = Enumerable.Range(0, gateways.Length).Select(index => gateways[(vni + index) % gateways.Length]).ToList();
        var next = order.Where(gateway => gateway is { IsFit: true, IsHeard: true }).Select(gateway => (VtepId?)gateway.Host).FirstOrDefault();
        return next ?? now?.Host ?? order[0].Host;
    }
}
