namespace Federation.Planning.Search;

/// <summary>A quick source of chance whose sequence depends on its seeds alone, on every machine and version. Mutable.</summary>
/// <remarks>Source: Blackman and Vigna, xoshiro256**, seeded by splitmix64.</remarks>
internal sealed class Dice
{
    private ulong a;
    private ulong b;
    private ulong c;
    private ulong d;

    /// <summary>The sequence of a seed and a number of a start.</summary>
    public Dice(int seed, int start)
    {
        var state = ((ulong)(uint)seed << 32) | (uint)start;
        (a, b, c, d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    /// <summary>A whole number from 0 up to, and without, <paramref name="below"/>, which is at least 1.</summary>
    public int Next(int below) => (int)Math.BigMul(Draw(), (ulong)below, out _);

    /// <summary>A number from 0 up to, and without, 1.</summary>
    public double Share() => (Draw() >> 11) * (1.0 / (1UL << 53));

    /// <summary>True so often of all times.</summary>
    public bool Chance(double share) => Share() < share;

    /// <summary>One of several.</summary>
    public T Of<T>(ReadOnlySpan<T> items) => items[Next(items.Length)];

    /// <summary>Puts items into an order of chance.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Next(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    private ulong Draw()
    {
        var result = ulong.RotateLeft(b * 5, 7) * 9;
        var shifted = b << 17;
        c ^= a;
        d ^= b;
        b ^= c;
        a ^= d;
        c ^= shifted;
        d = ulong.RotateLeft(d, 45);
        return result;
    }

    private static ulong Split(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
