using Federation.Planning.Model;

namespace Federation.Planning.Bounds;

/// <summary>The order in which the exact search seats the VMs: those that talk most with the ones already seated come next.</summary>
/// <remarks>What a seat costs a VM is then known, and not only bounded, as early as can be.</remarks>
internal static class VmOrder
{
    /// <summary>Every VM once; ties go to the VM with fewer candidates, then to the lower number.</summary>
    public static int[] Of(CostModel model)
    {
        var slowest = SlowestLink(model);
        var talk = new double[model.VmCount];
        var weights = model.Peers.Select(peers => peers.Select(peer => Weight(model, peer, slowest)).ToArray()).ToArray();
        var left = Enumerable.Range(0, model.VmCount).ToList();
        var order = new List<int>();
        while (left.Count > 0)
        {
            // The first of a new neighbourhood is the one that talks most in all.
            var next = left.OrderByDescending(vm => talk[vm]).ThenByDescending(vm => weights[vm].Sum())
                .ThenBy(vm => model.Candidates[vm].Length).ThenBy(vm => vm).First();
            left.Remove(next);
            order.Add(next);
            for (var i = 0; i < weights[next].Length; i++)
            {
                talk[model.Peers[next][i].Vm] += weights[next][i];
            }
        }

        return [.. order];
    }

    // The seconds that a pair would cost over the worst link there is.
    private static double Weight(CostModel model, Peer peer, (int From, int To) slowest) =>
        (peer.Sent is { } sent ? model.Links.ReceiveSeconds(sent, slowest.From, slowest.To) : 0)
        + (peer.Received is { } received ? model.Links.ReceiveSeconds(received, slowest.From, slowest.To) : 0);

    private static (int From, int To) SlowestLink(CostModel model)
    {
        var probe = new Rate(1000, 1_000_000);
        return Enumerable.Range(0, model.SiteCount)
            .SelectMany(from => Enumerable.Range(0, model.SiteCount).Select(to => (From: from, To: to)))
            .Where(pair => model.Links.Exists(pair.From, pair.To))
            .MaxBy(pair => model.Links.ReceiveSeconds(probe, pair.From, pair.To));
    }
}
