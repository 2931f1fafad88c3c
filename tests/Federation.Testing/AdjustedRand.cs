namespace Federation.Testing;

/// <summary>How alike two partitions are: 1 if they are the same, about 0 if by chance. Source: Hubert and Arabie, 1985.</summary>
public static class AdjustedRand
{
    /// <summary>The index of two labellings of the same things.</summary>
    public static double Index(int[] a, int[] b)
    {
        var both = Pairs(a.Zip(b));
        var (first, second) = (Pairs(a), Pairs(b));
        var all = a.Length * (a.Length - 1.0) / 2;
        var expected = first * second / all;
        var most = (first + second) / 2;
        return most == expected ? 1 : (both - expected) / (most - expected);
    }

    private static double Pairs<T>(IEnumerable<T> labels) =>
        labels.GroupBy(label => label).Sum(group => group.Count() * (group.Count() - 1.0) / 2);
}
