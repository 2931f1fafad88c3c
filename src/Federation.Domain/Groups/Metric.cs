using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>What the weight of a pair of VMs counts.</summary>
public enum Metric
{
    /// <summary>Packets: how often they talk, which latency makes dear.</summary>
    Packets,

    /// <summary>Bytes: how much they say, which bandwidth makes dear.</summary>
    Bytes,
}

/// <summary>Reads a metric off a flow.</summary>
public static class MetricExtensions
{
    /// <summary>The flow's packets or bytes.</summary>
    public static double Of(this Metric metric, Flow flow) => metric switch
    {
        Metric.Packets => flow.Packets,
        Metric.Bytes => flow.Bytes,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "no such metric"),
    };
}
