using Federation.Domain.Estimation;
using Federation.Planning.Model;

namespace Federation.Planning.Exact;

/// <summary>Finds VMs that could swap names without anything changing, so that only one order of their seats has to be looked at.</summary>
internal static class Interchangeable
{
    /// <summary>For each VM the last one before it in <paramref name="order"/> that it is interchangeable with; -1: none.</summary>
    /// <remarks>
    /// Two VMs are, if they have the same candidates, compute, current seat, rules of affinity, preferences, memory, dirty rate, disks and traffic to the outside and with endpoints, send each
    /// other the same, and exchange the same with every third VM. Swapping two such VMs maps placements to placements of equal value.
    /// </remarks>
    public static int[] Predecessors(CostModel model, int[] order)
    {
        var before = new int[model.VmCount];
        for (var i = 0; i < order.Length; i++)
        {
            before[order[i]] = Array.FindLastIndex(order, Math.Max(i - 1, 0), i, other => Are(model, order[i], other)) is var found and >= 0
                ? order[found]
                : -1;
        }

        return before;
    }

    private static bool Are(CostModel model, int a, int b) =>
        SameAlone(model, a, b) && SameRules(model.Problem, a, b) && SameTowards(model, a, b, b) && SameTowards(model, b, a, a) && Symmetric(model, a, b);

    private static bool SameAlone(CostModel model, int a, int b)
    {
        var problem = model.Problem;
        var (one, other) = (problem.View.Application.Vms[a], problem.View.Application.Vms[b]);
        return problem.CurrentSeats[a] == problem.CurrentSeats[b] && model.Work[a] == model.Work[b]
            && one.MemoryBytes == other.MemoryBytes && one.DirtyBytesPerSecond == other.DirtyBytesPerSecond
            && one.DiskBytesSent == other.DiskBytesSent && one.DiskBytesWrittenPerSecond == other.DiskBytesWrittenPerSecond
            && problem.BytesPerSecondOutside[a] == problem.BytesPerSecondOutside[b]
            && problem.Endpoints.Of[a].SequenceEqual(problem.Endpoints.Of[b])
            && model.CandidateSites[a].All(site => model.Preference(a, site) == model.Preference(b, site))
            && model.Candidates[a].AsSpan().SequenceEqual(model.Candidates[b]);
    }

    // Every rule of affinity names both or neither.
    private static bool SameRules(PlacementProblem problem, int a, int b) =>
        problem.Together.Concat(problem.Apart.Select(apart => apart.Vms)).All(vms => vms.Contains(a) == vms.Contains(b));

    // Everything that a exchanges with third VMs, b exchanges with them too.
    private static bool SameTowards(CostModel model, int a, int b, int except) =>
        model.Peers[a].Where(peer => peer.Vm != except).All(peer => model.Peers[b].Contains(peer));

    private static bool Symmetric(CostModel model, int a, int b) =>
        model.Peers[a].All(peer => peer.Vm != b || peer.Sent == peer.Received);
}
