using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Domain.Groups;

/// <summary>Which detector suits some traffic, and why.</summary>
/// <param name="Kind">Greedy or Leiden.</param>
/// <param name="Why">The reason, for people.</param>
public sealed record DetectorChoice(DetectorKind Kind, string Why)
{
    /// <summary>So many VMs that talk are looked at pair by pair; with more, one heavy pair between two groups is ever likelier.</summary>
    public const int MostVmsForGreedy = 32;

    /// <summary>How much the pairs of a group may vary, as standard deviation over mean, before greedy takes noise for structure.</summary>
    public const double MostSpreadForGreedy = 0.5;

    /// <summary>Chooses, unless <paramref name="options"/> name a detector.</summary>
    /// <remarks>
    /// On planted groups greedy is right while weights vary by a third and groups are ten times as heavy inside as between; beyond
    /// that it merges what one heavy pair connects, and Leiden does not. See <c>docs/benchmarks/groups.md</c>.
    /// </remarks>
    /// <param name="vms">The application's VMs.</param>
    /// <param name="weights">What pairs of them exchange.</param>
    /// <param name="options">The floor, and maybe a detector.</param>
    public static DetectorChoice Of(IReadOnlyCollection<VmId> vms, PairWeights weights, GroupingOptions options)
    {
        if (options.Detector != DetectorKind.Auto)
        {
            return new(options.Detector, "it was asked for");
        }

        var floor = options.FloorOver(weights.Period);
        var counted = weights.Pairs.Where(pair => pair.Weight >= floor).ToList();
        var talking = counted.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct().Count();
        if (talking > MostVmsForGreedy)
        {
            return new(DetectorKind.Leiden, $"{talking} VMs talk, more than {MostVmsForGreedy}");
        }

        var spread = SpreadInside(new GreedyDetector().Detect(vms, weights, options), counted);
        var text = spread.ToString("0.##", CultureInfo.InvariantCulture);
        return spread > MostSpreadForGreedy
            ? new(DetectorKind.Leiden, $"the pairs of a greedy group vary by {text} of their mean, more than {MostSpreadForGreedy}")
            : new(DetectorKind.Greedy, $"{talking} VMs talk, and the pairs of a group vary by {text} of their mean at most");
    }

    // The largest over the groups.
    private static double SpreadInside(GroupPartition partition, List<PairWeight> pairs)
    {
        var groupOf = partition.Groups.Index().SelectMany(group => group.Item.Members.Select(vm => (vm, group.Index)))
            .ToDictionary(entry => entry.vm, entry => entry.Index);
        return pairs
            .Where(pair => groupOf.GetValueOrDefault(pair.First, -1) is >= 0 and var group && groupOf.GetValueOrDefault(pair.Second, -1) == group)
            .GroupBy(pair => groupOf[pair.First], pair => pair.Weight)
            .Select(Spread)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static double Spread(IEnumerable<double> weights)
    {
        var mean = weights.Average();
        return Math.Sqrt(weights.Average(weight => (weight - mean) * (weight - mean))) / mean;
    }
}
