using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>Two VMs of 4 vCPUs and 8 GiB each for an hour at site a, which nothing forbids; each test breaks one rule.</summary>
public sealed class PlacementRulesTests
{
    [Fact]
    public void The_placement_that_the_others_break_is_allowed() => Placing(view => view).ShouldBeNull();

    [Fact]
    public void An_offer_takes_no_more_VMs_than_are_available()
    {
        Placing(view => view.WithOffer("a", offer => offer with { Available = 1 })).ShouldBe("capacity");
        Placing(view => view.WithOffer("a", offer => offer with { Available = 2 })).ShouldBeNull();
    }

    [Fact]
    public void The_applications_own_VMs_count_towards_what_is_available() =>
        Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"), Samples.Vm("vm2"))
            .WithOffer("a", offer => offer with { Available = 1 })
            .BrokenRule(Samples.At("a"), Samples.At("a")).ShouldBe("capacity");

    [Theory]
    [InlineData(7, null, null, null)]
    [InlineData(null, 15, null, null)]
    [InlineData(null, null, 1, null)]
    [InlineData(null, null, null, 7.99)]
    public void A_quota_that_is_too_small_is_found(int? vcpus, int? gib, int? vms, double? hours) =>
        Placing(view => WithQuota(view, new("astro", vcpus, gib * Samples.GiB, vms, hours))).ShouldBe("quota");

    [Fact]
    public void A_quota_that_is_just_enough_is_enough() =>
        Placing(view => WithQuota(view, new("astro", 8, 16 * Samples.GiB, 2, 8))).ShouldBeNull();

    [Theory]
    [InlineData(1, 0, 0, 0.0)]
    [InlineData(0, 1, 0, 0.0)]
    [InlineData(0, 0, 1, 0.0)]
    [InlineData(0, 0, 0, 0.1)]
    public void What_the_tenants_other_applications_occupy_counts_towards_its_quota(int vcpus, int gib, int vms, double hours) =>
        Placing(view => WithQuota(view, new("astro", 8, 16 * Samples.GiB, 2, 8)) with
        {
            UsedByOthers = view.UsedByOthers.SetItem(new("a"), new(vcpus, gib * Samples.GiB, vms, hours)),
        }).ShouldBe("quota");

    [Fact]
    public void Another_tenants_quota_is_no_limit() =>
        Placing(view => WithQuota(view, new("bio", 0, 0, 0, 0))).ShouldBeNull();

    [Fact]
    public void A_reservation_has_to_last_as_long_as_the_application()
    {
        Placing(view => WithReservation(view, TimeSpan.FromMinutes(59))).ShouldBe("availability");
        Placing(view => WithReservation(view, TimeSpan.FromMinutes(60))).ShouldBeNull();
    }

    [Fact]
    public void An_application_has_to_end_by_its_deadline()
    {
        Placing(view => view.With(app => app with { Deadline = TimeSpan.FromMinutes(59) })).ShouldBe("deadline");
        Placing(view => view.With(app => app with { Deadline = TimeSpan.FromMinutes(60) })).ShouldBeNull();
    }

    [Fact]
    public void An_application_must_not_cost_more_than_its_budget()
    {
        Placing(view => view.With(app => app with { Budget = 1.99m })).ShouldBe("budget");
        Placing(view => view.With(app => app with { Budget = 2 })).ShouldBeNull();
    }

    [Fact]
    public void Better_utilization_must_not_harm_the_application_beyond_the_limit()
    {
        Slower(Objective.Utilization, 0.79).ShouldBe("harm limit");
        Slower(Objective.Utilization, 0.80).ShouldBeNull();
        Slower(Objective.Cost, 0.79).ShouldBeNull();

        static string? Slower(Objective objective, double speed) =>
            Placing(view => view.With(app => app with { Objective = objective }).WithOffer("a", offer => offer with { Speed = speed }));
    }

    [Fact]
    public void VMs_that_talk_are_not_split_where_no_link_leads()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithTraffic("vm1", "vm2", new Flow(1, 100));
        Location[] split = [Samples.At("a"), Samples.At("b")];
        view.BrokenRule(split).ShouldBeNull();
        view.WithSite("a", site => site with { Links = site.Links.Clear() }).BrokenRule(split).ShouldBe("link");
        view.WithSite("b", site => site with { Links = site.Links.Clear() }).BrokenRule(split).ShouldBeNull("nothing goes back");
    }

    [Fact]
    public void Two_VMs_cannot_trade_places_between_sites_that_are_full()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b"))
            .WithOffer("a", offer => offer with { Available = 1 });
        view.BrokenRule(Samples.At("b"), Samples.At("a")).ShouldBeNull("b has room for the moment");
        view.WithOffer("b", offer => offer with { Available = 1 })
            .BrokenRule(Samples.At("b"), Samples.At("a")).ShouldBe("capacity");
    }

    private static string? Placing(Func<PlacementView, PlacementView> change) =>
        change(Samples.View([Samples.Site("a")], Samples.Vm("vm1"), Samples.Vm("vm2")))
            .BrokenRule(Samples.At("a"), Samples.At("a"));

    private static PlacementView WithQuota(PlacementView view, Quota quota) =>
        view.WithSite("a", site => site with { Quotas = [quota] });

    private static PlacementView WithReservation(PlacementView view, TimeSpan length) =>
        view.WithSite("a", site => site with { Availability = [new(Samples.Now.AddHours(-1), Samples.Now + length)] });
}
