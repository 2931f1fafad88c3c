using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Testing;

/// <summary>Random federations of real regions.</summary>
public static class RandomSites
{
    /// <summary>The tenant of every random application.</summary>
    public static readonly TenantId Tenant = new("astro");

    private const long GiB = 1L << 30;

    private static readonly Gen<Offer> Offer =
        from vcpus in Gen.OneOf(1, 2, 2, 4, 8)
        from memory in Gen.OneOf(4, 8, 16, 32)
        from speed in Gen.Frequency<double>((1, Gen.Const(1.0)), (1, Gen.Int[50, 300].Select(percent => percent / 100.0)))
        from available in Gen.Int[1, 8].Nullable(0.7)
        from price in RandomPrices.Schedule
        select new Offer("", vcpus, memory * GiB, speed, available, price);

    private static readonly Gen<SiteNetwork> Network =
        from microseconds in Gen.Int[20, 500]
        from gigabits in Gen.Int[1, 40]
        from egress in Gen.OneOf(0m, 0.05m, 0.09m, 0.12m)
        select new SiteNetwork(microseconds * 1e-6, gigabits * 1.25e8, egress);

    private static readonly Gen<Quota> Quota =
        from tenant in Gen.OneOf(Tenant.Value, "*", "someone-else")
        from vcpus in Gen.Int[1, 64].Nullable(0.6)
        from memory in Gen.Int[4, 256].Nullable(0.6)
        from vms in Gen.Int[0, 10].Nullable(0.6)
        from hours in Gen.Int[0, 200].Nullable(0.6)
        select new Quota(tenant, vcpus, memory * GiB, vms, hours);

    private static readonly Gen<Availability> Reservation =
        from start in Gen.Int[-7200, 60]
        from length in Gen.Int[7200, 400_000]
        select new Availability(RandomPrices.Now.AddSeconds(start), RandomPrices.Now.AddSeconds(start + length));

    private static readonly Gen<SitePolicy> Policy =
        from tenant in Gen.Frequency((12, "*"), (2, Tenant.Value), (1, "someone-else"))
        from residency in Gen.Frequency((6, "eu"), (1, "us"))
        from migrationsIn in Gen.Int[0, 2].Nullable(0.85)
        from migrationsOut in Gen.Int[0, 2].Nullable(0.85)
        from opens in Gen.Int[0, 23].Nullable(0.85)
        from lets in Gen.Int[0, 23].Nullable(0.93)
        from live in Gen.Frequency((9, true), (1, false))
        select new SitePolicy
        {
            Tenants = [tenant],
            Residency = [residency],
            Moves = new() { Live = live },
            MigrationsIn = migrationsIn,
            MigrationsOut = migrationsOut,
            Departures = lets is { } letsOut ? [new ArrivalWindow([], new(letsOut, 0), new((letsOut + 12) % 24, 0), TimeZoneInfo.Utc)] : [],
            Arrivals = opens is { } hour ? [new ArrivalWindow([], new(hour, 0), new((hour + 12) % 24, 0), TimeZoneInfo.Utc)] : [],
        };

    /// <summary>Some sites with links between them; in every second federation one link in eight is missing.</summary>
    public static Gen<ImmutableArray<Site>> Federation(int fewest, int most) =>
        from count in Gen.Int[fewest, most]
        from regions in Gen.Shuffle(RealLinks.Regions.ToArray(), count)
        from missing in Gen.OneOf(0, 12)
        from sites in SiteOf.Array[count]
        from gone in Gen.Int[0, 99].Array[count * count]
        select ImmutableArray.CreateRange(sites.Select((site, here) => site with
        {
            Id = regions[here],
            Links = regions.Where((_, to) => to != here && gone[(here * count) + to] >= missing)
                .ToImmutableSortedDictionary(to => to, to => RealLinks.Between(regions[here], to)),
        }));

    private static Gen<Site> SiteOf =>
        from offers in Offer.Array[1, 3]
        from billing in RandomPrices.Billing
        from network in Network
        from quotas in Gen.Frequency<Quota[]>((4, Gen.Const(Array.Empty<Quota>())), (1, Quota.Array[1, 2]))
        from reservations in Gen.Frequency<Availability[]>((4, Gen.Const(Array.Empty<Availability>())), (1, Reservation.Array[1]))
        from policy in Policy
        select new Site
        {
            Id = default,
            Kind = reservations.Length > 0 ? SiteKind.Grid : SiteKind.Cloud,
            Offers = [.. offers.Select((offer, i) => offer with { Name = $"offer-{i + 1}" })],
            Billing = billing,
            Network = network,
            Quotas = [.. quotas],
            Availability = [.. reservations],
            Policy = policy,
        };
}
