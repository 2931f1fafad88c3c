using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>One VM's exchange with another, both directions, per second.</summary>
/// <param name="Vm">The other VM.</param>
/// <param name="Sends">Whether anything goes to it.</param>
/// <param name="Receives">Whether anything comes from it.</param>
/// <param name="Sent">What goes to it.</param>
/// <param name="Received">What comes from it.</param>
internal readonly record struct Edge(int Vm, bool Sends, bool Receives, Rate Sent, Rate Received)
{
    /// <summary>Bytes per second, both directions.</summary>
    public double Bytes => Sent.Bytes + Received.Bytes;
}

/// <summary>Who talks with whom, in one array. Immutable.</summary>
internal sealed class TrafficGraph
{
    private readonly int[] first;
    private readonly Edge[] edges;

    /// <summary>Merges what each VM sends and receives. O(VMs + pairs).</summary>
    public TrafficGraph(PlacementProblem problem)
    {
        first = new int[problem.VmCount + 1];
        var list = new List<Edge>();
        for (var vm = 0; vm < problem.VmCount; vm++)
        {
            Merge(problem.Outflows[vm].AsSpan(), problem.Inflows[vm].AsSpan(), list);
            first[vm + 1] = list.Count;
        }

        edges = [.. list];
    }

    /// <summary>A VM's exchanges, by the other VM's number.</summary>
    public ReadOnlySpan<Edge> Of(int vm) => edges.AsSpan(first[vm], first[vm + 1] - first[vm]);

    /// <summary>With how many other VMs a VM talks.</summary>
    public int Degree(int vm) => first[vm + 1] - first[vm];

    private static void Merge(ReadOnlySpan<Inflow> sent, ReadOnlySpan<Inflow> received, List<Edge> into)
    {
        for (int s = 0, r = 0; s < sent.Length || r < received.Length;)
        {
            var other = Math.Min(s < sent.Length ? sent[s].Source : int.MaxValue, r < received.Length ? received[r].Source : int.MaxValue);
            var sends = s < sent.Length && sent[s].Source == other;
            var receives = r < received.Length && received[r].Source == other;
            into.Add(new(other, sends, receives, sends ? RateOf(sent[s]) : default, receives ? RateOf(received[r]) : default));
            s += sends ? 1 : 0;
            r += receives ? 1 : 0;
        }
    }

    private static Rate RateOf(Inflow flow) => new(flow.WaitsPerSecond, flow.BytesPerSecond);
}
