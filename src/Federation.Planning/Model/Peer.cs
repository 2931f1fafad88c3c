using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>Another VM that a VM talks with, both directions together.</summary>
/// <param name="Vm">The other VM.</param>
/// <param name="Sent">What goes to it; null: nothing.</param>
/// <param name="Received">What comes from it; null: nothing.</param>
internal readonly record struct Peer(int Vm, Rate? Sent, Rate? Received)
{
    /// <summary>Every VM's peers, by number.</summary>
    public static Peer[][] Of(PlacementProblem problem) =>
        [.. Enumerable.Range(0, problem.VmCount).Select(vm => Of(problem, vm))];

    /// <summary>The egress of both directions when this VM is at <paramref name="site"/> and the peer at <paramref name="peerSite"/>.</summary>
    public double Money(LinkCosts links, int site, int peerSite) =>
        (Sent is { } sent ? links.Money(sent, site, peerSite) : 0)
        + (Received is { } received ? links.Money(received, peerSite, site) : 0);

    private static Peer[] Of(PlacementProblem problem, int vm)
    {
        var sent = problem.Outflows[vm].ToDictionary(flow => flow.Source, RateOf);
        var received = problem.Inflows[vm].ToDictionary(flow => flow.Source, RateOf);
        return [.. sent.Keys.Union(received.Keys).Order().Select(other => new Peer(
            other,
            sent.TryGetValue(other, out var to) ? to : null,
            received.TryGetValue(other, out var from) ? from : null))];
    }

    private static Rate RateOf(Inflow flow) => new(flow.WaitsPerSecond, flow.BytesPerSecond);
}
