using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Sites.Scalars;

namespace Federation.Sites.ApplicationFiles;

/// <summary>The words of an application file that are one of a few.</summary>
internal static class ApplicationWords
{
    /// <summary>What the application wants most.</summary>
    public static readonly Choice<Objective> Objectives =
        new(("cost", Objective.Cost), ("time", Objective.Time), ("utilization", Objective.Utilization));

    /// <summary>Which algorithm finds its groups.</summary>
    public static readonly Choice<DetectorKind> Detectors =
        new(("auto", DetectorKind.Auto), ("greedy", DetectorKind.Greedy), ("leiden", DetectorKind.Leiden));

    /// <summary>What a pair's weight counts, where that is not left open.</summary>
    public static readonly Choice<MetricWord> Metrics =
        new((Auto, new(null)), ("packets", new(Metric.Packets)), ("bytes", new(Metric.Bytes)));

    private const string Auto = "auto";

    /// <summary>A metric, or none: it is chosen.</summary>
    public readonly record struct MetricWord(Metric? Metric);
}
