using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.SiteFiles;

public sealed class SiteFileTests
{
    [Fact]
    public void Every_key_of_a_site_file_is_read()
    {
        var site = Read(Samples.Site);

        site.Id.ShouldBe(new SiteId("rennes"));
        site.Kind.ShouldBe(SiteKind.Grid);
        site.Region.ShouldBe("eu-west");
        site.Currency.ShouldBe("USD");
        site.Billing.ShouldBe(new Billing(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60)));
        site.Network.ShouldBe(new SiteNetwork(0.0001, 1.25e9, 0m));
        site.Links.ShouldHaveSingleItem().ShouldBe(new(new SiteId("aws-eu-west-3"), new Link(0.012, 312_500_000, 0m)));
        site.Quotas.ShouldBe([new Quota("astro", 64, 256L << 30, 32, 5000), new Quota("*", null, null, 2, null)]);
        site.Availability.ShouldBe([new Availability(At("2026-11-23T18:00:00Z"), At("2026-11-24T06:00:00Z"))]);
    }

    [Fact]
    public void Offers_keep_their_order_and_have_constant_or_scheduled_prices()
    {
        var offers = Read(Samples.Site).Offers;

        offers.Select(offer => offer.Name).ShouldBe(["std-4", "std-8"]);
        offers[0].ShouldBe(new Offer("std-4", 4, 16L << 30, 1.0, 32, offers[0].Price));
        offers[0].Price.Entries.ShouldBe([new PriceEntry(DateTimeOffset.MinValue, 0m)]);
        offers[1].ShouldBe(new Offer("std-8", 8, 32_000_000_000, 1.25, null, offers[1].Price));
        offers[1].Price.Entries.ShouldBe(
            [new PriceEntry(At("2026-11-01T00:00:00Z"), 0.21m), new PriceEntry(At("2026-11-01T06:00:00Z"), 0.12m)]);
    }

    [Fact]
    public void Every_key_of_a_policy_is_read()
    {
        var policy = Read(Samples.Site).Policy;

        policy.Tenants.ShouldBe(["astro", "*"]);
        policy.Residency.ShouldBe(["eu", "fr"]);
        policy.MigrationsIn.ShouldBe(2);
        policy.MigrationsOut.ShouldBe(3);
        policy.ManualApproval.ShouldBeTrue();
        var window = policy.Arrivals.ShouldHaveSingleItem();
        window.Days.ShouldBe([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday]);
        (window.From, window.Until, window.Zone.Id).ShouldBe((new TimeOnly(20, 0), new TimeOnly(6, 0), "Europe/Paris"));
    }

    [Fact]
    public void What_is_left_out_has_the_defaults_of_the_domain()
    {
        var site = Read(Samples.SiteNamed("a"));

        site.Region.ShouldBe("");
        site.Currency.ShouldBe("USD");
        site.Billing.ShouldBe(new Billing(TimeSpan.FromSeconds(1), TimeSpan.Zero));
        site.Offers[0].Speed.ShouldBe(1);
        site.Offers[0].Available.ShouldBeNull();
        site.Availability.ShouldBeEmpty();
        site.Policy.Admits(new TenantId("anyone")).ShouldBeTrue();
        site.Policy.ManualApproval.ShouldBeFalse();
    }

    [Fact]
    public void Availability_is_sorted_and_what_overlaps_or_touches_becomes_one()
    {
        var site = Read(Samples.SiteNamed("a", """
            availability:
              - { from: 2026-11-05T00:00Z, until: 2026-11-06T00:00Z }
              - { from: 2026-11-02T00:00+01:00, until: 2026-11-03T00:00Z }
              - { from: 2026-11-01T00:00Z, until: 2026-11-02T00:00Z }
              - { from: 2026-11-03T00:00Z, until: 2026-11-04T00:00Z }
              - { from: 2026-11-03T01:00Z, until: 2026-11-03T02:00Z }
            """));

        site.Availability.ShouldBe(
        [
            new Availability(At("2026-11-01T00:00:00Z"), At("2026-11-04T00:00:00Z")),
            new Availability(At("2026-11-05T00:00:00Z"), At("2026-11-06T00:00:00Z")),
        ]);
    }

    [Fact]
    public void Json_is_accepted_as_well()
    {
        const string json = """
            {
            	"site": "a", "kind": "cloud", "region": "Br\u00e9tagne \/ \ud83d\ude00",
            	"offers": [ { "name": "x", "vcpus": 1, "memory": "1GiB", "price": 1e-2 } ],
            	"network": { "latency": "1ms", "bandwidth": "1Gbps", "internetEgressPerGB": 0 }
            }
            """;

        var site = Read(json);

        site.Region.ShouldBe("Brétagne / 😀");
        site.Offers[0].Price.At(DateTimeOffset.UnixEpoch).ShouldBe(0.01m);
    }

    private static Site Read(string text)
    {
        var parsed = SiteFile.Parse(text, "x.yaml");
        parsed.Faults.ShouldBeEmpty();
        parsed.IsSound.ShouldBeTrue();
        return parsed.Value!;
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
