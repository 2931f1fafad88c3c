using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>A pair of VMs by their places in the VMs' order, First before Second.</summary>
/// <param name="First">The earlier one.</param>
/// <param name="Second">The later one.</param>
/// <param name="Weight">What they exchange.</param>
internal readonly record struct Edge(int First, int Second, double Weight) : IComparable<Edge>
{
    /// <summary>Heaviest first; ties by VM, so that the result is the same every time.</summary>
    public int CompareTo(Edge other)
    {
        var byWeight = other.Weight.CompareTo(Weight);
        return byWeight != 0 ? byWeight : (First, Second).CompareTo((other.First, other.Second));
    }
}

/// <summary>Groups that grow edge by edge: disjoint sets, each with the sum and the number of the weights counted in it.</summary>
internal sealed class GroupForest
{
    private readonly double ratio;
    private readonly int[] parent;
    private readonly int[] size;
    private readonly double[] sum;
    private readonly int[] counted;

    public GroupForest(int vms, double ratio)
    {
        this.ratio = ratio;
        parent = [.. Enumerable.Range(0, vms)];
        size = new int[vms];
        Array.Fill(size, 1);
        sum = new double[vms];
        counted = new int[vms];
    }

    /// <summary>Takes the next edge: founds, extends or merges a group, counts in one, or leaves all as it is.</summary>
    public void Take(Edge edge)
    {
        var first = Root(edge.First);
        var second = Root(edge.Second);
        if (first == second)
        {
            Count(first, edge.Weight);
        }
        else if (Admits(first, edge.Weight) && Admits(second, edge.Weight))
        {
            Count(Join(first, second), edge.Weight);
        }
    }

    /// <summary>The groups of at least two VMs.</summary>
    /// <param name="vms">The VMs, in order.</param>
    public IEnumerable<DetectedGroup> Groups(ImmutableArray<VmId> vms) =>
        from index in Enumerable.Range(0, vms.Length)
        group vms[index] by Root(index) into members
        where IsGroup(members.Key)
        select new DetectedGroup([.. members], sum[members.Key] / counted[members.Key], Threshold(members.Key));

    private bool IsGroup(int root) => size[root] > 1;

    // A VM in no group has no threshold: two of them found a group whatever they exchange, and one alone asks nothing of a group.
    private bool Admits(int root, double weight) => !IsGroup(root) || weight >= Threshold(root);

    private double Threshold(int root) => ratio * (sum[root] / counted[root]);

    private void Count(int root, double weight)
    {
        sum[root] += weight;
        counted[root]++;
    }

    private int Join(int first, int second)
    {
        var (root, child) = size[first] >= size[second] ? (first, second) : (second, first);
        parent[child] = root;
        size[root] += size[child];
        sum[root] += sum[child];
        counted[root] += counted[child];
        return root;
    }

    private int Root(int vm)
    {
        while (parent[vm] != vm)
        {
            parent[vm] = parent[parent[vm]];
            vm = parent[vm];
        }

        return vm;
    }
}
