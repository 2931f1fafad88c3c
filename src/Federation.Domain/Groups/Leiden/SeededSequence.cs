namespace Federation.Domain.Groups.Leiden;

/// <summary>Numbers that look random and are the same for the same seed on every machine and in every version.</summary>
/// <remarks>SplitMix64. Source: Steele, Lea and Flood, OOPSLA 2014.</remarks>
internal sealed class SeededSequence(int seed)
{
    private ulong state = (ulong)(uint)seed;

    /// <summary>A number in [0, 1).</summary>
    public double NextShare() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The numbers below a bound, each once, in random order.</summary>
    public int[] Permutation(int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            // Inside-out shuffle.
            var j = Below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }

    /// <summary>As many numbers below a count, each by itself.</summary>
    public int[] Labels(int count)
    {
        var labels = new int[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = Below(count);
        }

        return labels;
    }

    // The bias of a product of 32 by 32 bits is far below what any order could show.
    private int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
