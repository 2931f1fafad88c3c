using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteTests
{
    private static readonly Site Grid = Samples.Site("grid") with
    {
        Availability = [new(Samples.Now, Samples.Now.AddHours(1)), new(Samples.Now.AddHours(2), Samples.Now.AddHours(4))],
    };

    [Fact]
    public void A_site_without_reservations_is_always_available() =>
        Samples.Site("cloud").AvailableUntil(Samples.Now).ShouldBe(DateTimeOffset.MaxValue);

    [Fact]
    public void A_VM_may_stay_until_the_end_of_the_reservation_that_it_is_in()
    {
        Grid.AvailableUntil(Samples.Now).ShouldBe(Samples.Now.AddHours(1));
        Grid.AvailableUntil(Samples.Now.AddHours(3)).ShouldBe(Samples.Now.AddHours(4));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3600)]
    [InlineData(7199)]
    [InlineData(14400)]
    public void Before_between_and_after_reservations_a_site_is_not_available(int seconds) =>
        Grid.AvailableUntil(Samples.Now.AddSeconds(seconds)).ShouldBeNull();

    [Fact]
    public void A_tenants_own_quota_goes_before_anyones()
    {
        var site = Samples.Site("a") with { Quotas = [Vms("*", 1), Vms("astro", 2)] };
        site.QuotaFor(new("astro")).ShouldBe(Vms("astro", 2));
        site.QuotaFor(new("bio")).ShouldBe(Vms("*", 1));
    }

    [Fact]
    public void Without_a_matching_quota_there_is_no_limit() =>
        (Samples.Site("a") with { Quotas = [Vms("astro", 2)] }).QuotaFor(new TenantId("bio")).ShouldBeNull();

    [Fact]
    public void An_offer_is_found_by_its_name()
    {
        Samples.Site("a").OfferNamed("std").ShouldBe(Samples.Std);
        Samples.Site("a").OfferNamed("Std").ShouldBeNull();
    }

    private static Quota Vms(string tenant, int vms) => new(tenant, null, null, vms, null);
}
