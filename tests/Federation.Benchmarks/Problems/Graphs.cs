using System.Globalization;

namespace Federation.Benchmarks.Problems;

/// <summary>Graphs of different kinds to partition, each the same every time: made from a seed, or read from a file.</summary>
public static class Graphs
{
    private const int Side = 100;
    private const int Count = Side * Side;

    /// <summary>Ten kinds of some ten thousand vertices each.</summary>
    public static IEnumerable<(string Name, int Vertices, Dictionary<(int One, int Other), int> Edges)> Made()
    {
        yield return ("grid", Count, Lattice(Side, Side, 1));
        yield return ("mesh, 3 dimensions", 22 * 22 * 22, Lattice(22, 22, 22));
        yield return ("triangles with holes", Count, Triangles(new(1)));
        yield return ("random geometric", Count, Geometric(new(2)));
        yield return ("roads", Count, Roads(new(3)));
        yield return ("power law", Count, PowerLaw(new(4)));
        yield return ("R-MAT", 1 << 13, RecursiveMatrix(new(5)));
        yield return ("small world", Count, SmallWorld(new(6)));
        yield return ("blocks", Count, Blocks(new(7)));
        yield return ("groups of ten", Count, Groups(Count, 10, 1));
    }

    /// <summary>A file of the formats of METIS and DIMACS (.graph) or of the Matrix Market (.mtx): who is beside whom, without weights.</summary>
    public static (string Name, int Vertices, Dictionary<(int One, int Other), int> Edges) Read(string path)
    {
        var market = path.EndsWith(".mtx", StringComparison.Ordinal);
        int[][] lines = [.. File.ReadLines(path).Where(line => line.Length == 0 || line[0] != '%')
            .Select(line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Take(market ? 2 : int.MaxValue)
                .Select(word => int.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
        var edges = new Dictionary<(int, int), int>();
        foreach (var (index, line) in lines[1..].Index())
        {
            foreach (var other in market ? line[1..] : line)
            {
                Join(edges, (market ? line[0] : index + 1) - 1, other - 1);
            }
        }

        return (Path.GetFileNameWithoutExtension(path), lines[0][0], edges);
    }

    /// <summary>Groups of ten that talk much, and anybody with anybody a little.</summary>
    public static Dictionary<(int One, int Other), int> Groups(int vertices, int pairsPerVertex, int seed)
    {
        var random = new Random(unchecked((int)((uint)seed * 2654435761u)));
        var (edges, groups) = (new Dictionary<(int, int), int>(), Math.Max(1, vertices / 10));
        while (edges.Count < vertices * pairsPerVertex)
        {
            var one = random.Next(vertices);
            var inside = random.NextDouble() < 0.4;
            var other = inside ? ((random.Next(10) * groups) + (one % groups)) % vertices : random.Next(vertices);
            if (one != other)
            {
                edges[(Math.Min(one, other), Math.Max(one, other))] = random.Next(1, inside ? 1000 : 200);
            }
        }

        return edges;
    }

    private static void Join(Dictionary<(int One, int Other), int> edges, int one, int other)
    {
        if (one != other)
        {
            edges[(Math.Min(one, other), Math.Max(one, other))] = 1;
        }
    }

    private static Dictionary<(int One, int Other), int> Lattice(int width, int height, int depth)
    {
        var edges = new Dictionary<(int, int), int>();
        for (var vertex = 0; vertex < width * height * depth; vertex++)
        {
            if ((vertex + 1) % width != 0)
            {
                Join(edges, vertex, vertex + 1);
            }

            if (vertex / width % height != height - 1)
            {
                Join(edges, vertex, vertex + width);
            }

            if (vertex / (width * height) != depth - 1)
            {
                Join(edges, vertex, vertex + (width * height));
            }
        }

        return edges;
    }

    // A plane of triangles without a tenth of its vertices' edges.
    private static Dictionary<(int One, int Other), int> Triangles(Random random)
    {
        var edges = Lattice(Side, Side, 1);
        for (var vertex = 0; vertex < Count - Side; vertex++)
        {
            if ((vertex + 1) % Side != 0)
            {
                _ = random.Next(2) == 0 ? edges[(vertex, vertex + Side + 1)] = 1 : edges[(vertex + 1, vertex + Side)] = 1;
            }
        }

        bool[] isHole = [.. Enumerable.Range(0, Count).Select(_ => random.Next(10) == 0)];
        return edges.Where(edge => !isHole[edge.Key.Item1] && !isHole[edge.Key.Item2]).ToDictionary();
    }

    private static Dictionary<(int One, int Other), int> Geometric(Random random)
    {
        var edges = new Dictionary<(int, int), int>();
        (double X, double Y)[] at = [.. Enumerable.Range(0, Count).Select(_ => (random.NextDouble(), random.NextDouble())).Order()];
        var radius = Math.Sqrt(8 / (Math.PI * Count));
        for (var one = 0; one < Count; one++)
        {
            for (var other = one + 1; other < Count && at[other].X - at[one].X < radius; other++)
            {
                if (Math.Pow(at[one].X - at[other].X, 2) + Math.Pow(at[one].Y - at[other].Y, 2) < radius * radius)
                {
                    Join(edges, one, other);
                }
            }
        }

        return edges;
    }

    // A grid of crossings without a third of its streets, many of which have bends.
    private static Dictionary<(int One, int Other), int> Roads(Random random)
    {
        const int Crossings = 60;
        var (edges, bends) = (new Dictionary<(int, int), int>(), Crossings * Crossings);
        foreach (var (one, other) in Lattice(Crossings, Crossings, 1).Keys.Where(_ => random.Next(3) > 0).ToList())
        {
            var last = one;
            for (var bend = random.Next(3); bend > 0 && bends < Count; bend--, bends++)
            {
                Join(edges, last, bends);
                last = bends;
            }

            Join(edges, last, other);
        }

        return edges;
    }

    // Preferential attachment.
    private static Dictionary<(int One, int Other), int> PowerLaw(Random random)
    {
        var (edges, ends) = (new Dictionary<(int, int), int>(), new List<int> { 0 });
        for (var vertex = 1; vertex < Count; vertex++)
        {
            for (var i = 0; i < 4; i++)
            {
                var other = ends[random.Next(ends.Count)];
                Join(edges, vertex, other);
                ends.Add(other);
            }

            ends.AddRange([vertex, vertex, vertex, vertex]);
        }

        return edges;
    }

    private static Dictionary<(int One, int Other), int> RecursiveMatrix(Random random)
    {
        var edges = new Dictionary<(int, int), int>();
        while (edges.Count < (1 << 13) * 6)
        {
            var (one, other) = (0, 0);
            for (var bit = 0; bit < 13; bit++)
            {
                var share = random.NextDouble();
                (one, other) = ((one * 2) + (share >= 0.76 ? 1 : 0), (other * 2) + (share is >= 0.57 and < 0.76 or >= 0.95 ? 1 : 0));
            }

            Join(edges, one, other);
        }

        return edges;
    }

    private static Dictionary<(int One, int Other), int> SmallWorld(Random random)
    {
        var edges = new Dictionary<(int, int), int>();
        for (var vertex = 0; vertex < Count; vertex++)
        {
            for (var step = 1; step <= 4; step++)
            {
                Join(edges, vertex, random.Next(20) == 0 ? random.Next(Count) : (vertex + step) % Count);
            }
        }

        return edges;
    }

    private static Dictionary<(int One, int Other), int> Blocks(Random random)
    {
        var edges = new Dictionary<(int, int), int>();
        while (edges.Count < Count * 6)
        {
            var one = random.Next(Count);
            Join(edges, one, random.Next(3) > 0 ? (one / 100 * 100) + random.Next(100) : random.Next(Count));
        }

        return edges;
    }
}
