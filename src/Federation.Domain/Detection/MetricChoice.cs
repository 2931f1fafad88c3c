using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Detection;

/// <summary>By which metric groups should be found, given what is to be made small, and why.</summary>
/// <param name="Metric">Packets or bytes.</param>
/// <param name="ByPackets">What splitting all pairs would cost per hour for each packet's wait, in <paramref name="Unit"/>.</param>
/// <param name="ByBytes">What it would cost per hour for the bytes, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The federation's currency, or seconds.</param>
public sealed record MetricChoice(Metric Metric, double ByPackets, double ByBytes, string Unit)
{
    /// <summary>How many times what the other one costs a metric has to cost to take its place.</summary>
    public const double Dominance = 2;

    private const double BytesPerGB = 1e9;
    private const double SecondsPerHour = 3600;

    /// <summary>The reason, for people.</summary>
    public string Why => string.Create(CultureInfo.InvariantCulture,
        $"were all pairs split, an hour's packets would cost {ByPackets:0.####} {Unit} by latency, its bytes {ByBytes:0.####} {Unit} by ")
        + (Unit == "s" ? "bandwidth" : "egress and bandwidth")
        + (Dominates(ByPackets, ByBytes) || Dominates(ByBytes, ByPackets)
            ? "" : string.Create(CultureInfo.InvariantCulture, $"; neither costs {Dominance:0.#} times the other, {Metric.ToString().ToLowerInvariant()} stay"));

    /// <summary>Weighs what packets and what bytes would cost if they crossed a link of average kind.</summary>
    /// <remarks>
    /// Under the objectives time and utilization, which is limited by time: seconds of waiting. Under cost: egress, and the seconds of
    /// waiting at the price of each site's cheapest offer. Without links between sites nothing can be split, and nothing dominates. Where
    /// neither does, groups by the one are as good as by the other, and those that are known are better than new ones.
    /// </remarks>
    /// <param name="traffic">What the application exchanges.</param>
    /// <param name="sites">The federation.</param>
    /// <param name="objective">What is to be made small.</param>
    /// <param name="packetsPerExchange">Packets that stream back to back for each wait, at least 1.</param>
    /// <param name="now">The moment whose prices count.</param>
    /// <param name="before">The metric that stays unless the other one costs <see cref="Dominance"/> times as much.</param>
    public static MetricChoice Of(
        TrafficMatrix traffic, IReadOnlyCollection<Site> sites, Objective objective, double packetsPerExchange, DateTimeOffset now,
        Metric before = Metric.Packets)
    {
        var links = sites.SelectMany(site => site.Links.Values).ToList();
        var unit = objective == Objective.Cost ? sites.FirstOrDefault()?.Currency ?? "" : "s";
        if (links.Count == 0)
        {
            return new(before, 0, 0, unit);
        }

        var hours = traffic.Period.TotalHours;
        var packets = traffic.Pairs.Values.Sum(flow => flow.Packets) / hours;
        var bytes = traffic.Pairs.Values.Sum(flow => flow.Bytes) / hours;
        var latencySeconds = packets / packetsPerExchange * links.Average(link => link.LatencySeconds);
        var bandwidthSeconds = bytes * links.Average(link => 1 / link.BytesPerSecond);
        var egress = bytes / BytesPerGB * links.Average(link => (double)link.EgressPerGB);
        var perSecond = PricePerHour(sites, now) / SecondsPerHour;
        var (byPackets, byBytes) = objective == Objective.Cost
            ? (latencySeconds * perSecond, (bandwidthSeconds * perSecond) + egress)
            : (latencySeconds, bandwidthSeconds);
        var metric = Dominates(byBytes, byPackets) ? Metric.Bytes : Dominates(byPackets, byBytes) ? Metric.Packets : before;
        return new(metric, byPackets, byBytes, unit);
    }

    private static bool Dominates(double one, double other) => one > 0 && one >= Dominance * other;

    // The mean over the sites; one without a price is left out.
    private static double PricePerHour(IReadOnlyCollection<Site> sites, DateTimeOffset now) => sites
        .Select(site => (double?)site.Offers.Min(offer => offer.Price.At(now)))
        .Average() ?? 0;
}
