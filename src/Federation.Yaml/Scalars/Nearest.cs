namespace Federation.Yaml.Scalars;

/// <summary>Finds what somebody who mistyped a name most likely meant.</summary>
public static class Nearest
{
    /// <summary>Longer texts are compared by their beginning: a hostile one costs no more.</summary>
    private const int LongestCompared = 64;

    /// <summary>The known name with the least edit distance, regardless of case; the first of several.</summary>
    public static string To(string text, IEnumerable<string> known) =>
        known.MinBy(name => Distance(Folded(text), Folded(name))) ?? throw new ArgumentException("no name is known", nameof(known));

    /// <summary>How many letters have to be put in, taken out, changed or swapped with their neighbour to get from one to the other.</summary>
    /// <remarks>Optimal string alignment; time O(n m).</remarks>
    public static int Distance(string from, string to)
    {
        var cost = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Cheapest(cost, from, to, i, j);
            }
        }

        return cost[from.Length, to.Length];
    }

    private static int Cheapest(int[,] cost, string from, string to, int i, int j)
    {
        var change = cost[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
        var cheapest = Math.Min(change, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
        var swaps = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
        return swaps ? Math.Min(cheapest, cost[i - 2, j - 2] + 1) : cheapest;
    }

    private static string Folded(string text) => (text.Length > LongestCompared ? text[..LongestCompared] : text).ToUpperInvariant();
}
