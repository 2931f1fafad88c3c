using System.ComponentModel.DataAnnotations;

namespace Federation.Domain.Groups;

/// <summary>What counts as communicating much.</summary>
public sealed record GroupingOptions
{
    private readonly double? ratio;
    private readonly double? floorPerSecond;

    /// <summary>Which algorithm finds the groups. Default greedy.</summary>
    public DetectorKind Detector { get; init; } = DetectorKind.Greedy;

    /// <summary>What a pair's weight counts. Default packets.</summary>
    public Metric Metric { get; init; } = Metric.Packets;

    /// <summary>
    /// For greedy: how much of a group's mean weight a pair needs to join a VM to it, or to merge it with another. Default 0.5 for packets,
    /// 0.6 for bytes.
    /// </summary>
    [Range(0.0, 1.0)]
    public double Ratio
    {
        get => ratio ?? (Metric == Metric.Packets ? 0.5 : 0.6);
        init => ratio = value;
    }

    /// <summary>
    /// For Leiden: how much the pairs of a group exchange on average, silent ones counted, as a share of the mean weight of the pairs
    /// that count. Null, the default: found from the traffic.
    /// </summary>
    [Range(double.Epsilon, double.MaxValue)]
    public double? Resolution { get; init; }

    /// <summary>A pair below it never counts: a silent application has no groups. Default 10 packets/s or 10 000 bytes/s.</summary>
    [Range(0.0, double.MaxValue)]
    public double FloorPerSecond
    {
        get => floorPerSecond ?? (Metric == Metric.Packets ? 10 : 10_000);
        init => floorPerSecond = value;
    }

    /// <summary>The weight over a period that is just enough to count.</summary>
    public double FloorOver(TimeSpan period) => FloorPerSecond * period.TotalSeconds;
}
