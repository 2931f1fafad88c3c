using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Testing;

/// <summary>Measured links between regions of three clouds, every pair of them both ways.</summary>
/// <remarks>Source: Skyplane project, Apache-2.0, January 2022; see <c>tests/data/README.md</c>.</remarks>
public static class RealLinks
{
    private static readonly ImmutableDictionary<(SiteId From, SiteId To), Link> Links = Read();

    /// <summary>The regions, as site names; at least 30, in order.</summary>
    public static ImmutableArray<SiteId> Regions { get; } = [.. Links.Keys.Select(pair => pair.From).Distinct().Order()];

    /// <summary>The link from one region to another; one way latency is half the measured round trip.</summary>
    public static Link Between(SiteId from, SiteId to) => Links[(from, to)];

    private static ImmutableDictionary<(SiteId From, SiteId To), Link> Read()
    {
        using var stream = typeof(RealLinks).Assembly.GetManifestResourceStream("intercloud-links.csv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(','))
            .ToImmutableDictionary(fields => (SiteOf(fields[0]), SiteOf(fields[1])), LinkOf);
    }

    private static SiteId SiteOf(string region) => new(region.Replace(':', '-'));

    private static Link LinkOf(string[] fields) => new(
        LatencySeconds: Number(fields[2]) / 2 / 1000,
        BytesPerSecond: Number(fields[3]) / 8,
        EgressPerGB: decimal.Parse(fields[4], CultureInfo.InvariantCulture));

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
