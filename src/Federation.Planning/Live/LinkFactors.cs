using Federation.Domain.Estimation;

namespace Federation.Planning.Live;

/// <summary>What a wait and a byte per second cost between any two sites over the remaining time, in plain arrays. Immutable.</summary>
/// <remarks>
/// One site more than there are: nowhere, from and to which everything is free. A missing link is free too, but counted:
/// a placement that needs one is infeasible.
/// </remarks>
internal sealed class LinkFactors
{
    /// <summary>Works the factors out.</summary>
    public LinkFactors(PlacementProblem problem)
    {
        var sites = problem.Sites.Length;
        Nowhere = sites;
        Width = sites + 1;
        (SecondsPerWait, SecondsPerByte, MoneyPerByte) = (new double[Width * Width], new double[Width * Width], new double[Width * Width]);
        Missing = new bool[Width * Width];
        var remaining = problem.RemainingSeconds;
        for (var from = 0; from < sites; from++)
        {
            for (var to = 0; to < sites; to++)
            {
                var pair = (from * Width) + to;
                if (problem.LinkBetween(from, to) is not { } link)
                {
                    (Missing[pair], AnyMissing) = (true, true);
                    continue;
                }

                SecondsPerWait[pair] = remaining * link.LatencySeconds;
                SecondsPerByte[pair] = remaining / link.BytesPerSecond;
                MoneyPerByte[pair] = remaining * (double)link.EgressPerGB / 1e9;
            }
        }
    }

    /// <summary>The number of the site that is none.</summary>
    public int Nowhere { get; }

    /// <summary>How long a row of the arrays is: an ordered pair is at from x width + to.</summary>
    public int Width { get; }

    /// <summary>Seconds that a receiver spends on a wait per second.</summary>
    public double[] SecondsPerWait { get; }

    /// <summary>Seconds that a link, and a receiver, spends on a byte per second.</summary>
    public double[] SecondsPerByte { get; }

    /// <summary>Egress of a byte per second.</summary>
    public double[] MoneyPerByte { get; }

    /// <summary>Where there is no link.</summary>
    public bool[] Missing { get; }

    /// <summary>Whether there is any such pair.</summary>
    public bool AnyMissing { get; }
}
