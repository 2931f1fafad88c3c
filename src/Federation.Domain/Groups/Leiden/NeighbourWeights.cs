namespace Federation.Domain.Groups.Leiden;

/// <summary>What one node exchanges with each community around it, added up and cleared in time proportional to its neighbours.</summary>
internal sealed class NeighbourWeights(int communities)
{
    private readonly double[] weights = new double[communities];
    private readonly bool[] isTouched = new bool[communities];
    private readonly int[] touched = new int[communities];
    private int count;

    /// <summary>The communities that something was added to since the last <see cref="Clear"/>, in the order of the first time.</summary>
    public ReadOnlySpan<int> Touched => touched.AsSpan(0, count);

    /// <summary>What was added to a community; 0 if nothing was.</summary>
    public double this[int community] => weights[community];

    public void Add(int community, double weight)
    {
        if (!isTouched[community])
        {
            isTouched[community] = true;
            touched[count++] = community;
        }

        weights[community] += weight;
    }

    /// <summary>Adds a node's edges, each to the community of its other end. The hot loop of all: spans keep checks of bounds out of it.</summary>
    /// <param name="neighbours">The other ends.</param>
    /// <param name="edges">The edges' weights.</param>
    /// <param name="community">Each node's community.</param>
    public void Add(ReadOnlySpan<int> neighbours, ReadOnlySpan<double> edges, ReadOnlySpan<int> community)
    {
        edges = edges[..neighbours.Length];
        for (var i = 0; i < neighbours.Length; i++)
        {
            Add(community[neighbours[i]], edges[i]);
        }
    }

    public void Clear()
    {
        for (var i = 0; i < count; i++)
        {
            weights[touched[i]] = 0;
            isTouched[touched[i]] = false;
        }

        count = 0;
    }
}
