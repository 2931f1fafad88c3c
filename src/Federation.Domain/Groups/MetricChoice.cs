using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;

namespace Federation.Domain.Groups;

/// <summary>By which metric groups should be found, given what is to be made small, and why.</summary>
/// <param name="Metric">Packets or bytes.</param>
/// <param name="ByPackets">What splitting all pairs would cost per hour for each packet's wait, in <paramref name="Unit"/>.</param>
/// <param name="ByBytes">What it would cost per hour for the bytes, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The federation's currency, or seconds.</param>
public sealed record MetricChoice(Metric Metric, double ByPackets, double ByBytes, string Unit)
{
    private const double BytesPerGB = 1e9;
    private const double SecondsPerHour = 3600;

    /// <summary>The reason, for people.</summary>
    public string Why => string.Create(CultureInfo.InvariantCulture,
        $"were all pairs split, an hour's packets would cost {ByPackets:0.####} {Unit} by latency, its bytes {ByBytes:0.####} {Unit} by ")
        + (Unit == "s" ? "bandwidth" : "egress and bandwidth");

    /// <summary>Weighs what packets and what bytes would cost if they crossed a link of average kind.</summary>
    /// <remarks>
    /// Under the objectives time and utilization, which is limited by time: seconds of waiting. Under cost: egress, and the seconds of
    /// waiting at the price of each site's cheapest offer. Without links between sites nothing can be split: packets.
    /// </remarks>
    /// <param name="traffic">What the application exchanges.</param>
    /// <param name="sites">The federation.</param>
    /// <param name="objective">What is to be made small.</param>
    /// <param name="packetsPerExchange">Packets that stream back to back for each wait, at least 1.</param>
    /// <param name="now">The moment whose prices count.</param>
    public static MetricChoice Of(
        TrafficMatrix traffic, IReadOnlyCollection<Site> sites, Objective objective, double packetsPerExchange, DateTimeOffset now)
    {
        var links = sites.SelectMany(site => site.Links.Values).ToList();
        var unit = objective == Objective.Cost ? sites.FirstOrDefault()?.Currency ?? "" : "s";
        if (links.Count == 0)
        {
            return new(Metric.Packets, 0, 0, unit);
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
        return new(byBytes > byPackets ? Metric.Bytes : Metric.Packets, byPackets, byBytes, unit);
    }

    // The mean over the sites; one without a price is left out.
    private static double PricePerHour(IReadOnlyCollection<Site> sites, DateTimeOffset now) => sites
        .Select(site => (double?)site.Offers.Min(offer => offer.Price.At(now)))
        .Average() ?? 0;
}
