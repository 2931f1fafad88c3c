using Federation.Domain.Applications;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class SiteImpactTests
{
    private static readonly Site Rennes = Samples.Site("rennes") with
    {
        Offers = [Of("small", 2, 0.10m), Of("large", 16, 0.80m)],
    };

    [Fact]
    public void A_site_that_has_only_become_dearer_attracts_nobody_and_is_worth_the_difference_to_who_is_there()
    {
        var impact = Between(Rennes with { Offers = [Of("small", 2, 0.13m), Rennes.Offers[1]] });
        impact.Attracts.ShouldBeEmpty();
        impact.WorthToOccupant(["small", "small"]).ShouldBe(0.06, 1e-9);
        impact.WorthToOccupant(["large"]).ShouldBe(0);
        impact.WorthToArrival(8).ShouldBe(0);
    }

    [Fact]
    public void An_offer_that_has_become_cheaper_attracts_all_that_it_is_large_enough_for()
    {
        var impact = Between(Rennes with { Offers = [Of("small", 2, 0.04m), Rennes.Offers[1]] });
        impact.Attracts.Select(offer => offer.Name).ShouldBe(["small"]);
        impact.WorthToArrival(8).ShouldBe(0.48, 1e-9);
        Needs(vcpus: 2).CouldUse(impact.Site, new("astro"), impact.Attracts).ShouldBeTrue();
        Needs(vcpus: 4).CouldUse(impact.Site, new("astro"), impact.Attracts).ShouldBeFalse();
    }

    [Fact]
    public void Anything_but_prices_that_changes_attracts_to_every_offer()
    {
        Site[] others =
        [
            Rennes with { Policy = new() { Tenants = ["astro"] } },
            Rennes with { Capacity = new(100, null, null) },
            Rennes with { Availability = [new(Samples.Now, Samples.Now.AddDays(1))] },
            Rennes with { Network = Rennes.Network with { InternetEgressPerGB = 0.5m } },
        ];
        foreach (var site in others)
        {
            Between(site).Attracts.Length.ShouldBe(2);
        }

        Between(Rennes with { Offers = [Rennes.Offers[0], Rennes.Offers[1] with { Available = 3 }] }).Attracts.Select(offer => offer.Name).ShouldBe(["large"]);
    }

    [Fact]
    public void A_price_that_falls_later_only_attracts_too_and_one_that_fell_in_the_past_does_not()
    {
        PriceSchedule From(TimeSpan after, decimal price) => new([new(DateTimeOffset.MinValue, 0.10m), new(Samples.Now + after, price), new(Samples.Now.AddDays(9), 0.10m)]);
        Between(Rennes with { Offers = [Rennes.Offers[0] with { Price = From(TimeSpan.FromHours(5), 0.02m) }, Rennes.Offers[1]] }).Attracts.Length.ShouldBe(1);
        var past = new PriceSchedule([new(DateTimeOffset.MinValue, 0.02m), new(Samples.Now.AddHours(-1), 0.10m)]);
        Between(Rennes with { Offers = [Rennes.Offers[0] with { Price = past }, Rennes.Offers[1]] }).Attracts.ShouldBeEmpty();
    }

    [Fact]
    public void An_application_is_not_touched_where_it_could_not_come()
    {
        Offer[] all = [.. Rennes.Offers];
        Needs().CouldUse(Rennes, new("astro"), all).ShouldBeTrue();
        Needs().CouldUse(Rennes with { Policy = new() { Tenants = ["bio"] } }, new("astro"), all).ShouldBeFalse();
        (Needs() with { Residency = ["eu"] }).CouldUse(Rennes, new("astro"), all).ShouldBeFalse();
        (Needs() with { Residency = ["eu"] }).CouldUse(Rennes with { Policy = new() { Residency = ["eu", "fr"] } }, new("astro"), all).ShouldBeTrue();
        (Needs() with { Sites = [new("lyon")] }).CouldUse(Rennes, new("astro"), all).ShouldBeFalse();
        Needs().CouldUse(Rennes, new("astro"), []).ShouldBeFalse();
    }

    [Fact]
    public void Needs_that_say_the_same_are_equal_and_a_difference_in_any_of_them_makes_others()
    {
        ApplicationNeeds Full(string residency = "eu", string site = "lyon") => new(4, 1, Samples.GiB, [residency], [new(site)]);
        Full().ShouldBe(Full());
        Full().GetHashCode().ShouldBe(Full().GetHashCode());
        ApplicationNeeds[] others =
        [
            Full() with { Vms = 5 }, Full() with { LeastVcpus = 2 }, Full() with { LeastMemoryBytes = 1 },
            Full(residency: "fr"), Full(site: "rennes"), Full() with { Sites = null },
        ];
        others.ShouldNotContain(Full());
    }

    private static ApplicationNeeds Needs(int vcpus = 1) => new(4, vcpus, Samples.GiB, [], null);

    private static SiteImpact Between(Site after) => SiteImpact.Between(Rennes, after, Samples.Now);

    private static Offer Of(string name, int vcpus, decimal price) => new(name, vcpus, vcpus * Samples.GiB, 1, null, PriceSchedule.Always(price));
}
