namespace Federation.Yaml.Scalars;

/// <summary>Finds what somebody who mistyped a name most likely meant.</summary>
public static class Nearest
{
    /// <summary>Longer texts are compared by their beginning, and of very many names the first: a hostile text costs no more.</summary>
    private const int LongestCompared = 64;
    private const int MostCompared = 2000;

    // So many names are listed for somebody to choose from.
    private const int MostListed = 16;

    /// <summary>The known name with the least edit distance, regardless of case; the first of several.</summary>
    public static string To(string text, IEnumerable<string> known) =>
        known.MinBy(name => Distance(Folded(text), Folded(name))) ?? throw new ArgumentException("no name is known", nameof(known));

    /// <summary>The known name that a text is a slip away from: at most a third of its letters are wrong. Null: it is none of them.</summary>
    public static string? Near(string text, IEnumerable<string> known)
    {
        var folded = Folded(text);
        return (
            from name in known.Take(MostCompared)
            let other = Folded(name)
            let most = Math.Max(folded.Length, other.Length) / 3
            where Math.Abs(folded.Length - other.Length) <= most
            let distance = Distance(folded, other)
            where distance <= most
            orderby distance
            select name).FirstOrDefault();
    }

    /// <summary>What to say of a name that is not known: the one that was probably meant, or else those that there are.</summary>
    /// <param name="text">The name.</param>
    /// <param name="known">The names that are right.</param>
    public static string Advice(string text, IEnumerable<string> known)
    {
        var names = known.ToList();
        return Near(text, names) is { } near ? $"the nearest is '{near}'"
            : names.Count == 0 ? "there is none yet"
            : $"there {(names.Count == 1 ? "is" : "are")} {Listed(names)}";
    }

    /// <summary>Names with commas between them; of many the first, and how many more there are.</summary>
    /// <param name="names">The names.</param>
    /// <param name="most">How many are listed.</param>
    public static string Listed(IReadOnlyCollection<string> names, int most = MostListed) =>
        string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");

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
