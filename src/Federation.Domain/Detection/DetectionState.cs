using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Detection;

/// <summary>How an application's groups are found now, and what traffic has lately asked for instead.</summary>
/// <remarks>
/// Groups that are found in another way are often other groups: so that their history does not follow every price and every burst, another
/// way has to be asked for in some windows running, and by a metric that is dearer by far.
/// </remarks>
public sealed record DetectionState
{
    /// <summary>How groups are found; null before the first window.</summary>
    public DetectionChoice? InForce { get; init; }

    /// <summary>What the last windows asked for instead; null: nothing else.</summary>
    public DetectionChoice? Asked { get; init; }

    /// <summary>In how many windows running it was asked for; 0 if it was not.</summary>
    public int Seen { get; init; }

    /// <summary>Takes in one window's traffic.</summary>
    /// <param name="application">The application. What its description names holds at once.</param>
    /// <param name="traffic">The window's traffic. Silence asks for nothing.</param>
    /// <param name="sites">The federation; not looked at if the description names a metric.</param>
    /// <param name="now">The moment whose prices count.</param>
    /// <param name="options">In how many windows running another way has to be asked for.</param>
    public DetectionState Advance(
        Application application, TrafficMatrix traffic, IReadOnlyCollection<Site> sites, DateTimeOffset now, TrackingOptions options)
    {
        var wanted = DetectionChoice.Of(application, traffic, sites, InForce?.Metric ?? Metric.Packets, now);
        if (InForce is not { } before || !Keeps(application.Detection, before))
        {
            return new() { InForce = wanted };
        }

        if (traffic.Pairs.IsEmpty)
        {
            return this;
        }

        if (wanted.IsSameWayAs(before))
        {
            return new() { InForce = wanted };
        }

        var seen = Asked is { } asked && asked.IsSameWayAs(wanted) ? Seen + 1 : 1;
        return seen < options.PersistenceWindows ? this with { Asked = wanted, Seen = seen } : new() { InForce = wanted };
    }

    private static bool Keeps(DetectionPolicy wanted, DetectionChoice choice) =>
        (wanted.Metric ?? choice.Metric) == choice.Metric
        && (wanted.Detector == DetectorKind.Auto || wanted.Detector == choice.Detector);
}
