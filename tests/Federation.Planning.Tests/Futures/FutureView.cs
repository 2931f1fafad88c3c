using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Planning.Tests.Worlds;

namespace Federation.Planning.Tests.Futures;

/// <summary>A small world with up to three known events, by its number: one to three VMs at two or three sites, each with one offer and room for all; in some a site has two, between which VMs may restart.</summary>
internal static class FutureView
{
    private static readonly DateTimeOffset Now = WorldMaker.Now;

    public static PlacementView Make(int number)
    {
        var random = new Random(number);
        T Pick<T>(params T[] values) => values[random.Next(values.Length)];
        var sites = Enumerable.Range(1, number % 5 == 0 ? 3 : Pick(2, 3)).Select(i => new Site
        {
            Id = new($"site{i}"),
            Kind = SiteKind.Cloud,
            Offers = [new("std", 4, 8L << 30, Pick(1, 1, 1.25, 2), null, PriceSchedule.Always(Pick(0.05m, 0.1m, 0.3m, 0.5m)))],
            Billing = new(TimeSpan.FromSeconds(Pick(1, 60, 3600)), TimeSpan.FromSeconds(Pick(0, 0, 5400))),
            Network = new(0.0005, 1.25e8, Pick(0m, 0.05m)),
        }).ToList();
        var hours = Pick(2, 4, 6);
        for (var left = 1 + (number % 3); left > 0;)
        {
            var i = random.Next(sites.Count);
            var (site, changed) = Event(sites[i], random, hours, left);
            (sites[i], left) = (site, left - changed);
        }

        var count = number % 5 == 0 ? 3 : Pick(1, 2, 2);
        var home = sites[random.Next(sites.Count)];
        return WithRestarts(WithQuiet(new()
        {
            Now = Now,
            Sites = [.. sites.Select(site => site with { Links = sites.Where(other => other != site).ToImmutableSortedDictionary(other => other.Id, _ => new Link(0.01, Pick(1e7, 1e8), Pick(0m, 0.02m, 0.09m))) })],
            // None waits for another: how long moves take does not depend on their order.
            MigrationsPerLink = 3,
            Application = new()
            {
                Id = new(new("astro"), "cg", 1),
                Objective = Pick(Objective.Cost, Objective.Cost, Objective.Time),
                Remaining = TimeSpan.FromHours(hours),
                Margin = 0,
                Deadline = random.Next(5) == 0 ? TimeSpan.FromHours(hours * 1.1) : null,
                Budget = random.Next(8) == 0 ? 0.2m * hours * count : null,
                Prefer = number % 6 == 5 ? [new(number % 4 == 1 ? [new("vm1")] : [], [sites[number % sites.Count].Id], 0.02m * (1 + (number % 11)))] : [],
                BudgetPerHour = number % 7 == 3 ? 0.05m * (2 + (number % 8)) * count : null,
                Vms = [.. Enumerable.Range(1, count).Select(i => new VmSpec
                {
                    Id = new($"vm{i}"), Vcpus = 2, MemoryBytes = Pick(1L, 4L) << 30, DirtyBytesPerSecond = Pick(0, 1e6),
                    At = new(random.Next(4) > 0 ? home.Id : sites[random.Next(sites.Count)].Id, "std"),
                })],
            },
            Traffic = new()
            {
                Period = TimeSpan.FromSeconds(30),
                Pairs = count < 2 || random.Next(2) == 0 ? ImmutableSortedDictionary<VmPair, Flow>.Empty
                    : ImmutableSortedDictionary<VmPair, Flow>.Empty.Add(new(new("vm1"), new("vm2")), new(random.Next(3000), random.Next(3_000_000))),
            },
        }, number), number);
    }

    // In one world of four, if it has no more than two VMs, a site has a second offer, of which the price changes once; in most of these VMs may restart on it.
    private static PlacementView WithRestarts(PlacementView view, int number)
    {
        var random = new Random(unchecked((number * 53) + 3));
        var home = view.Application.Vms[0].At!.Value.Site;
        if (number % 4 != 2 || view.Application.Vms.Length > 2)
        {
            return view;
        }

        var other = new Offer("other", 4, 8L << 30, random.Next(3) == 0 ? 1.5 : 1, null, new([new(DateTimeOffset.MinValue, random.Next(1, 50) / 100m), new(Now.AddMinutes(10 * random.Next(1, 10)), random.Next(1, 50) / 100m)]));
        return view with
        {
            Sites = [.. view.Sites.Select(site => site.Id == home ? site with { Offers = [.. site.Offers, other] } : site)],
            Application = view.Application with
            {
                Restarts = random.Next(5) == 0 ? null : new(TimeSpan.FromMinutes(random.Next(3) * 5), TimeSpan.FromSeconds(random.Next(3) switch { 0 => 10, 1 => 60, _ => 600 })),
            },
        };
    }

    // In one world of nine nothing moves for the first half hour or more, if everything can be where it is now.
    private static PlacementView WithQuiet(PlacementView view, int number) =>
        number % 9 != 4 || view.Application.Vms.Any(vm => view.Sites.Single(site => site.Id == vm.At!.Value.Site).AvailableUntil(Now) is null) ? view : view with
        {
            Application = view.Application with
            {
                Quiet = [new([], TimeOnly.FromDateTime(Now.UtcDateTime.AddHours(-1)), TimeOnly.FromDateTime(Now.UtcDateTime.AddMinutes(30 + (10 * (number % 8)))), TimeZoneInfo.Utc)],
            },
        };

    // A price that changes, a reservation with its ends, a window: how many instants that is.
    private static (Site Site, int Instants) Event(Site site, Random random, int hours, int most)
    {
        var at = Now.AddMinutes(10 * random.Next(1, (6 * hours) - 1));
        var kind = random.Next(5);
        if (kind <= 1 && site.Offers[0].Price.Entries.Length == 1)
        {
            var offer = site.Offers[0];
            return (site with { Offers = [offer with { Price = new([.. offer.Price.Entries, new(at, random.Next(60) / 100m)]) }] }, 1);
        }

        if (kind == 2 && site.Availability.IsEmpty)
        {
            return (site with { Availability = [new(Now.AddHours(-1), at)], Offers = [site.Offers[0] with { Price = PriceSchedule.Always(0.01m) }] }, 1);
        }

        if (kind == 3 && most > 1 && site.Availability.IsEmpty)
        {
            return (site with { Availability = [new(at, at.AddMinutes(70))], Offers = [site.Offers[0] with { Price = PriceSchedule.Always(0) }] }, 2);
        }

        // Open until then and, next, tomorrow.
        var window = new ArrivalWindow([], TimeOnly.FromDateTime(Now.UtcDateTime.AddHours(-1)), TimeOnly.FromDateTime(at.UtcDateTime), TimeZoneInfo.Utc);
        var later = new ArrivalWindow([], TimeOnly.FromDateTime(at.UtcDateTime), TimeOnly.FromDateTime(Now.UtcDateTime.AddHours(-2)), TimeZoneInfo.Utc);
        return kind != 4 || !site.Policy.Arrivals.IsEmpty || !site.Policy.Departures.IsEmpty ? (site, 0)
            : (site with { Policy = random.Next(2) == 0 ? new() { Departures = [random.Next(2) == 0 ? window : later] } : new() { Arrivals = [random.Next(2) == 0 ? window : later] } }, 1);
    }
}
