using Federation.Domain.Estimation;

namespace Federation.Planning.Model;

/// <summary>What traffic between two sites takes over the remaining time, in seconds and in money, as factors of its rates.</summary>
/// <remarks>Where there is no link everything takes for ever and costs without end, so that no search has to ask.</remarks>
internal sealed class LinkCosts
{
    private const double BytesPerGB = 1e9;

    private readonly int siteCount;
    private readonly double[] secondsPerWait;
    private readonly double[] secondsPerByte;
    private readonly double[] moneyPerByte;

    /// <summary>Works out the factors of every ordered pair of sites.</summary>
    public LinkCosts(PlacementProblem problem)
    {
        siteCount = problem.Sites.Length;
        secondsPerWait = new double[siteCount * siteCount];
        secondsPerByte = new double[siteCount * siteCount];
        moneyPerByte = new double[siteCount * siteCount];
        var remaining = problem.RemainingSeconds;
        for (var pair = 0; pair < secondsPerWait.Length; pair++)
        {
            var link = problem.LinkBetween(pair / siteCount, pair % siteCount);
            secondsPerWait[pair] = link is null ? 0 : remaining * link.Value.LatencySeconds;
            secondsPerByte[pair] = link is null ? double.PositiveInfinity : remaining / link.Value.BytesPerSecond;
            moneyPerByte[pair] = link is null ? double.PositiveInfinity : remaining * (double)link.Value.EgressPerGB / BytesPerGB;
        }
    }

    /// <summary>Whether traffic can go from a site to another.</summary>
    public bool Exists(int from, int to) => !double.IsPositiveInfinity(secondsPerByte[(from * siteCount) + to]);

    /// <summary>The seconds that a receiver spends on a flow over the remaining time; infinite without a link.</summary>
    public double ReceiveSeconds(in Rate rate, int from, int to)
    {
        var pair = (from * siteCount) + to;
        return double.IsPositiveInfinity(secondsPerByte[pair])
            ? double.PositiveInfinity
            : (rate.Waits * secondsPerWait[pair]) + (rate.Bytes * secondsPerByte[pair]);
    }

    /// <summary>The egress that a flow costs its sender's site over the remaining time; infinite without a link.</summary>
    public double Money(in Rate rate, int from, int to)
    {
        var pair = (from * siteCount) + to;
        return double.IsPositiveInfinity(moneyPerByte[pair]) ? double.PositiveInfinity : rate.Bytes * moneyPerByte[pair];
    }

    /// <summary>The same for a flow that may not exist: nothing then.</summary>
    public double Money(in Rate rate, int from, int to, bool exists) => exists ? Money(rate, from, to) : 0;

    /// <summary>How long a link is busy with so many bytes per second over the remaining time.</summary>
    public double BusySeconds(double bytesPerSecond, int pair) => bytesPerSecond * secondsPerByte[pair];
}

/// <summary>How much goes one way, per second.</summary>
/// <param name="Waits">Waits per second.</param>
/// <param name="Bytes">Bytes per second.</param>
internal readonly record struct Rate(double Waits, double Bytes);
