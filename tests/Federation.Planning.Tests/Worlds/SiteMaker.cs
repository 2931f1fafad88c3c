using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Sites;

namespace Federation.Planning.Tests.Worlds;

/// <summary>Makes random sites, some of which restrict who may come, when, and how many.</summary>
internal sealed class SiteMaker(Random random)
{
    private static readonly DateTimeOffset Now = WorldMaker.Now;

    public ImmutableArray<Site> Make(int count)
    {
        var ids = Enumerable.Range(1, count).Select(i => new SiteId($"site{i}")).ToArray();
        return [.. ids.Select(id => new Site
        {
            Id = id,
            Kind = Pick(SiteKind.Cloud, SiteKind.Grid),
            Offers = [.. Enumerable.Range(1, random.Next(1, 3)).Select(MakeOffer)],
            Billing = new(TimeSpan.FromSeconds(Pick(1, 60, 3600)), TimeSpan.FromSeconds(Pick(0, 60, 5400))),
            Network = new(Pick(0.0001, 0.0005), Pick(1.25e8, 1.25e9), Pick(0m, 0.05m, 0.12m)),
            Links = ids.Where(other => other != id && Chance(0.88)).ToImmutableSortedDictionary(other => other, _ => MakeLink()),
            Quotas = MakeQuotas(),
            Availability = MakeAvailability(),
            Policy = MakePolicy(),
        })];
    }

    private Offer MakeOffer(int number) => new(
        $"offer{number}", Pick(1, 2, 2, 4), Pick(1, 2, 4, 8) * (1L << 30), Pick(0.5, 1, 1, 1.25, 2), Pick<int?>(null, null, 1, 2, 3), MakePrice());

    private PriceSchedule MakePrice()
    {
        if (Chance(0.6))
        {
            return PriceSchedule.Always(Pick(0m, 0.05m, 0.1m, 0.2m, 0.4m));
        }

        var first = Chance(0.06) ? Now.AddMinutes(10) : Now.AddHours(-random.Next(0, 3));
        return new(Enumerable.Range(0, random.Next(2, 5)).Select(i => new PriceEntry(first.AddMinutes(37 * i), random.Next(0, 40) / 100m)));
    }

    private Link MakeLink() => new(Pick(0.001, 0.012, 0.08), Pick(1e7, 1e8, 1e9), Pick(0m, 0.01m, 0.02m, 0.09m));

    private ImmutableArray<Quota> MakeQuotas()
    {
        if (!Chance(0.4))
        {
            return [];
        }

        var any = new Quota("*", random.Next(1, 12), null, Pick<int?>(null, 3), null);
        var own = new Quota(
            "astro", Pick<int?>(null, random.Next(2, 14)), Chance(0.5) ? null : random.Next(2, 24) * (1L << 30),
            Pick<int?>(null, random.Next(1, 7)), Pick<double?>(null, random.Next(1, 30)));
        return Chance(0.3) ? [any] : Chance(0.5) ? [any, own] : [own];
    }

    private ImmutableArray<Availability> MakeAvailability()
    {
        var later = new Availability(Now.AddDays(2), Now.AddDays(3));
        return Chance(0.75) ? []
            : Chance(0.15) ? [later]
            : [new(Now.AddHours(-2), Now.AddMinutes(Pick(35, 90, 150, 400))), later];
    }

    private SitePolicy MakePolicy() => new()
    {
        Tenants = Chance(0.06) ? ["bio"] : Chance(0.2) ? ["astro", "bio"] : [],
        Residency = Chance(0.6) ? ["eu", "fr"] : ["us"],
        MigrationsIn = Chance(0.05) ? 0 : Pick<int?>(null, 2),
        MigrationsOut = Chance(0.05) ? 0 : null,
        Arrivals = Chance(0.85) ? [] : [MakeArrivals()],
        Departures = Chance(0.93) ? [] : [MakeArrivals()],
    };

    // It is 18:00 UTC, 19:00 in Paris, on a Monday.
    private ArrivalWindow MakeArrivals() => new(
        Pick<ImmutableSortedSet<DayOfWeek>>([], [DayOfWeek.Monday], [DayOfWeek.Sunday]),
        Pick(new TimeOnly(18, 30), new TimeOnly(20, 0)),
        Pick(new TimeOnly(6, 0), new TimeOnly(19, 30)),
        TimeZoneInfo.CreateCustomTimeZone("Paris in winter", TimeSpan.FromHours(1), null, null));

    private bool Chance(double share) => random.NextDouble() < share;

    private T Pick<T>(params T[] values) => values[random.Next(values.Length)];
}
