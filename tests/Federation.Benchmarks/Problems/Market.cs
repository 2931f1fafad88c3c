using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Benchmarks.Problems;

/// <summary>The real regions: their links, and what their VMs cost.</summary>
public static class Market
{
    private const long GiB = 1L << 30;

    private static readonly (string Type, int Vcpus, long Memory, double Speed)[] Types =
    [
        ("m5.xlarge", 4, 16 * GiB, 1.0), ("r5.xlarge", 4, 32 * GiB, 1.0), ("c5.2xlarge", 8, 16 * GiB, 1.15),
        ("m6i.2xlarge", 8, 32 * GiB, 1.25), ("m4.2xlarge", 8, 32 * GiB, 0.85),
    ];

    private static readonly ImmutableDictionary<(SiteId From, SiteId To), Link> Links = Lines("links-of-60-regions.csv")
        .ToImmutableDictionary(fields => (SiteOf(fields[0]), SiteOf(fields[1])), fields => new Link(
            Number(fields[2]) / 2 / 1000, Number(fields[3]) / 8, decimal.Parse(fields[4], CultureInfo.InvariantCulture)));

    private static readonly ImmutableDictionary<string, ImmutableDictionary<string, decimal>> Prices = Lines("spot-prices.csv")
        .GroupBy(fields => fields[0])
        .ToImmutableDictionary(region => region.Key, region => region.ToImmutableDictionary(
            fields => fields[1], fields => decimal.Parse(fields[2], CultureInfo.InvariantCulture)));

    /// <summary>All 60, by name.</summary>
    public static ImmutableArray<SiteId> Regions { get; } = [.. Links.Keys.Select(pair => pair.From).Distinct().Order()];

    /// <summary>The cloud of a region: aws, azure or gcp.</summary>
    public static string CloudOf(SiteId region) => region.Value[..region.Value.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>Sites at some regions, each linked to each.</summary>
    /// <param name="regions">Which.</param>
    /// <param name="random">Draws prices for regions that have none.</param>
    /// <param name="offers">How many instance types a region offers at most.</param>
    /// <param name="rooms">How many VMs of each offer; null: without limit.</param>
    /// <param name="quotas">How many VMs of a site; null: without limit.</param>
    public static ImmutableArray<Site> SitesAt(IReadOnlyList<SiteId> regions, Random random, int offers, Func<int?> rooms, Func<int?> quotas)
    {
        var priced = Prices.Keys.Order(StringComparer.Ordinal).ToArray();
        return [.. regions.Select(region => new Site
        {
            Id = region,
            Kind = SiteKind.Cloud,
            Offers = OffersAt(Prices.ContainsKey(NameOf(region)) && CloudOf(region) == "aws" ? NameOf(region) : priced[random.Next(priced.Length)], offers, rooms),
            Billing = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)),
            Quotas = quotas() is { } most ? [new("*", null, null, most, null)] : [],
            Network = new(0.0002, 1.25e9, 0.09m),
            Links = regions.Where(other => other != region).ToImmutableSortedDictionary(other => other, other => Links[(region, other)]),
        })];
    }

    private static ImmutableArray<Offer> OffersAt(string region, int offers, Func<int?> rooms) =>
        [.. Types.Where(type => Prices[region].ContainsKey(type.Type)).Take(offers).Select(type => new Offer(
            type.Type, type.Vcpus, type.Memory, type.Speed, rooms(), PriceSchedule.Always(Prices[region][type.Type])))];

    private static string NameOf(SiteId region) => region.Value[(region.Value.IndexOf('-', StringComparison.Ordinal) + 1)..];

    private static SiteId SiteOf(string region) => new(region.Replace(':', '-'));

    private static double Number(string field) => double.Parse(field, CultureInfo.InvariantCulture);

    private static string[][] Lines(string name)
    {
        using var stream = typeof(Market).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Trim().Split(','))];
    }
}
