using System.Text;

namespace Federation.Backtest.Worlds;

/// <summary>Seeded chance: every thing that is drawn has a sequence of its own, so that adding one thing leaves the others as they were.</summary>
internal static class Chance
{
    /// <summary>The sequence of one thing.</summary>
    /// <param name="seed">The scenario's.</param>
    /// <param name="of">What it is for, such as a site and an offer.</param>
    public static Random Of(int seed, string of)
    {
        // FNV-1a: string hash codes differ from process to process.
        var hash = 2166136261u ^ (uint)seed;
        foreach (var letter in Encoding.UTF8.GetBytes(of))
        {
            hash = (hash ^ letter) * 16777619u;
        }

        return new Random((int)(hash & int.MaxValue));
    }

    /// <summary>A number of the standard normal law. Box-Muller.</summary>
    public static double NextNormal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
