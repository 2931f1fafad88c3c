using System.Globalization;

namespace Federation.Collector.Bench.Bounded;

/// <summary>How large the disturbances are.</summary>
/// <param name="Share">Of their full size, above 0, at most 1: smaller ones show that the program works, and nothing else.</param>
internal sealed record Scale(double Share)
{
    /// <summary>Applications of 4 VMs that a price change touches.</summary>
    public int Many => Of(1000);

    /// <summary>Applications of 16 VMs with traffic that a price change touches.</summary>
    public int Wide => Of(200);

    /// <summary>Exact plans that one tenant asks for at once, of so many applications that four are of each.</summary>
    public int ExactPlans => Of(100);

    /// <summary>Applications of 36 VMs with traffic.</summary>
    public int Dense => Math.Max(1, ExactPlans / 4);

    /// <summary>Bodies that trickle at once.</summary>
    public const int SlowBodies = 10;

    /// <summary>Offers of the site file that is refused.</summary>
    public int Offers => Of(60_000);

    /// <summary>From the environment: SCALE, 1 unless it says otherwise.</summary>
    public static Scale Read() => new(double.Parse(Environment.GetEnvironmentVariable("SCALE") ?? "1", CultureInfo.InvariantCulture));

    private int Of(int full) => Math.Max(1, (int)(full * Share));
}
