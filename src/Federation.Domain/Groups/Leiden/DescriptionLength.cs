namespace Federation.Domain.Groups.Leiden;

/// <summary>How short a partition makes the description of the traffic: by it partitions of different resolutions are compared.</summary>
/// <remarks>
/// The weights of pairs are taken as exponential, the law that assumes nothing but a mean: one mean inside communities, one between
/// them. The description is the weights under that law, the partition, and the second mean.
/// </remarks>
internal static class DescriptionLength
{
    /// <summary>The length, in nats, less that of one community of all: below 0 if the partition says more than it takes to tell it.</summary>
    /// <param name="graph">A graph of single VMs with at least one edge.</param>
    /// <param name="community">Each node's community, numbered below the number of nodes.</param>
    /// <param name="unseen">What may have gone between communities unseen; more than 0.</param>
    public static double Nats(CommunityGraph graph, int[] community, double unseen)
    {
        var means = PairMeans.Of(graph, community, unseen);
        if (means.InsidePairs == 0 || means.BetweenPairs == 0)
        {
            // Every VM alone, or all together: there is only one mean to tell.
            return 0;
        }

        var weights = (means.InsidePairs * Math.Log(means.Inside)) + (means.BetweenPairs * Math.Log(means.Between));
        var together = graph.Pairs * Math.Log(graph.TotalWeight / graph.Pairs);
        return weights - together + NatsOfPartition(community) + (Math.Log(graph.Pairs) / 2);
    }

    // Which of all partitions into communities of these sizes it is.
    private static double NatsOfPartition(int[] community)
    {
        var sizes = community.GroupBy(label => label).Select(group => group.Count()).ToList();
        return LogFactorial(community.Length)
            - sizes.Sum(LogFactorial)
            - sizes.GroupBy(size => size).Sum(alike => LogFactorial(alike.Count()));
    }

    private static double LogFactorial(int number)
    {
        const int seriesIsExactFrom = 10;
        if (number >= seriesIsExactFrom)
        {
            // Stirling's series, to eight digits.
            double x = number;
            return (x * Math.Log(x)) - x + (Math.Log(2 * Math.PI * x) / 2) + (1 / (12 * x)) - (1 / (360 * x * x * x));
        }

        double product = 1;
        for (var factor = 2; factor <= number; factor++)
        {
            product *= factor;
        }

        return Math.Log(product);
    }
}
