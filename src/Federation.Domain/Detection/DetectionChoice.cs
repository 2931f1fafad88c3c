using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Detection;

/// <summary>By which metric and which detector an application's groups are found, and why.</summary>
/// <param name="Metric">What a pair's weight counts.</param>
/// <param name="MetricWhy">Why that, for people.</param>
/// <param name="Detector">Greedy or Leiden.</param>
/// <param name="DetectorWhy">Why that one, for people.</param>
public sealed record DetectionChoice(Metric Metric, string MetricWhy, DetectorKind Detector, string DetectorWhy)
{
    private const string AsDescribed = "as its description says";

    /// <summary>What detection is asked for.</summary>
    public GroupingOptions ToOptions() => new() { Metric = Metric, Detector = Detector };

    /// <summary>Whether both find groups in the same way, for whatever reasons.</summary>
    public bool IsSameWayAs(DetectionChoice other) => Metric == other.Metric && Detector == other.Detector;

    /// <summary>Chooses what the application's description leaves open.</summary>
    /// <param name="application">The application.</param>
    /// <param name="traffic">What it exchanges.</param>
    /// <param name="sites">The federation; not looked at if the description names a metric.</param>
    /// <param name="before">The metric up to now: it stays unless the other one is clearly dearer.</param>
    /// <param name="now">The moment whose prices count.</param>
    public static DetectionChoice Of(
        Application application, TrafficMatrix traffic, IReadOnlyCollection<Site> sites, Metric before, DateTimeOffset now)
    {
        var wanted = application.Detection;
        var (metric, why) = (wanted.Metric ?? before, AsDescribed);
        if (wanted.Metric is null)
        {
            var choice = MetricChoice.Of(traffic, sites, application.Objective, application.PacketsPerExchange ?? 1, now, before);
            (metric, why) = (choice.Metric, choice.Why);
        }

        if (wanted.Detector != DetectorKind.Auto)
        {
            return new(metric, why, wanted.Detector, AsDescribed);
        }

        var detector = DetectorChoice.Of(
            [.. application.Vms.Select(vm => vm.Id)], PairWeights.From(traffic, metric), new() { Metric = metric, Detector = DetectorKind.Auto });
        return new(metric, why, detector.Kind, detector.Why);
    }
}
