using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>What a pair of VMs takes at least, for each site of one of them, wherever the other one is.</summary>
internal sealed class PairBounds
{
    private readonly double[][][] receive;
    private readonly double[][][] money;

    /// <summary>Works the table out. O(pairs x sites^2).</summary>
    public PairBounds(CostModel model)
    {
        receive = new double[model.VmCount][][];
        money = new double[model.VmCount][][];
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            var sites = model.CandidateSites[vm];
            receive[vm] = [.. model.Peers[vm].Select(peer => Row(model, sites, (at, peerAt) =>
                peer.Sent is { } sent ? model.Links.ReceiveSeconds(sent, at, peerAt) : 0))];
            money[vm] = [.. model.Peers[vm].Select(peer => Row(model, sites, (at, peerAt) => peer.Money(model.Links, at, peerAt)))];
        }
    }

    /// <summary>By the peer's site: the seconds that a VM's peer spends at least on what the VM sends to it.</summary>
    public double[] Receive(int vm, int peer) => receive[vm][peer];

    /// <summary>By the peer's site: the egress of both directions, at least.</summary>
    public double[] Money(int vm, int peer) => money[vm][peer];

    private static double[] Row(CostModel model, int[] sites, Func<int, int, double> measure) =>
        [.. Enumerable.Range(0, model.SiteCount).Select(peerAt => sites.Min(at => measure(at, peerAt)))];
}
