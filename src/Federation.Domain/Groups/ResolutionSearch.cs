using Federation.Domain.Groups.Leiden;

namespace Federation.Domain.Groups;

/// <summary>Finds the resolution at which the traffic falls into groups, without being told how strong they are.</summary>
/// <remarks>
/// Looks at resolutions a factor of two apart, from the mean weight of all pairs to beyond that of the pairs that talk. Of the
/// partitions that come out, the one with the shortest <see cref="DescriptionLength"/> names the resolution that fits it
/// (<see cref="PairMeans.FittingResolution"/>); the search goes on from there until that says nothing new.
/// </remarks>
internal sealed class ResolutionSearch
{
    private const double Step = 2;
    private const double BeyondMean = 2;
    private const int MostRefits = 8;

    private readonly TalkingVms vms;
    private readonly double unseen;
    private readonly int seed;
    private Found best;

    private ResolutionSearch(TalkingVms vms, double floor, int seed)
    {
        (this.vms, this.seed) = (vms, seed);
        unseen = floor > 0 ? floor : vms.Graph.LeastWeight;
        best = At(LeastResolution, LeidenAlgorithm.DefaultIterations);
    }

    // So low that whatever is connected belongs together.
    private double LeastResolution => vms.Counted.LeastWeight / ((double)vms.Counted.NodeCount * vms.Counted.NodeCount);

    /// <summary>The resolution of the best partition found.</summary>
    /// <param name="vms">VMs of which at least two talk.</param>
    /// <param name="floor">The most that a pair may exchange without counting; 0 is taken as what the lightest edge weighs.</param>
    /// <param name="seed">Where order and chance come from.</param>
    public static double Run(TalkingVms vms, double floor, int seed)
    {
        var search = new ResolutionSearch(vms, floor, seed);
        search.Scan();
        search.Refit();
        return search.best.Resolution;
    }

    private void Scan()
    {
        var most = BeyondMean * vms.Counted.MeanWeight;
        for (var resolution = vms.Counted.TotalWeight / vms.Counted.Pairs; resolution <= most; resolution *= Step)
        {
            Take(At(resolution, iterations: 1));
        }
    }

    private void Refit()
    {
        for (var i = 0; i < MostRefits && best.Fitting is { } fitting && fitting != best.Resolution; i++)
        {
            if (!Take(At(fitting, iterations: 2)))
            {
                return;
            }
        }
    }

    private bool Take(Found found)
    {
        var isBetter = found.Nats < best.Nats - ConstantPotts.Rounding;
        best = isBetter ? found : best;
        return isBetter;
    }

    private Found At(double resolution, int iterations)
    {
        var community = LeidenAlgorithm.Partition(vms.Counted, resolution, seed, iterations);
        return new(
            resolution,
            DescriptionLength.Nats(vms.Graph, community, unseen),
            PairMeans.Of(vms.Counted, community, unseen).FittingResolution);
    }

    private readonly record struct Found(double Resolution, double Nats, double? Fitting);
}
