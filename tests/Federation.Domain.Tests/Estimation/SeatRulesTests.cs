using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>One VM moves from a to b, which nothing forbids; each test breaks one rule.</summary>
public sealed class SeatRulesTests
{
    private static readonly PriceSchedule NotYet = new([new PriceEntry(Samples.Now.AddSeconds(1), 1)]);

    [Fact]
    public void The_move_that_the_others_break_is_allowed() => Moving(view => view).ShouldBeNull();

    [Fact]
    public void A_site_takes_only_the_tenants_that_it_admits()
    {
        Moving(view => view.WithPolicy("b", policy => policy with { Tenants = ["bio"] })).ShouldBe("policy");
        Moving(view => view.WithPolicy("b", policy => policy with { Tenants = ["bio", "astro"] })).ShouldBeNull();
        Moving(view => view.WithPolicy("b", policy => policy with { Tenants = ["bio", "*"] })).ShouldBeNull();
    }

    [Fact]
    public void A_VM_goes_only_to_the_sites_that_it_allows()
    {
        Moving(view => view.WithVm("vm1", vm => vm with { Sites = [new("a")] })).ShouldBe("allowed sites");
        Moving(view => view.WithVm("vm1", vm => vm with { Sites = [new("a"), new("b")] })).ShouldBeNull();
    }

    [Fact]
    public void A_site_has_to_offer_every_residency_tag_that_the_VM_asks_for()
    {
        Moving(view => WithTags(view, ["eu", "fr"], ["eu"])).ShouldBe("residency");
        Moving(view => WithTags(view, ["eu"], ["eu", "fr"])).ShouldBeNull();
    }

    [Fact]
    public void A_site_that_is_not_available_now_takes_no_VM()
    {
        Moving(view => view.WithSite("b", site => site with { Availability = [From(1, 100)] })).ShouldBe("availability");
        Moving(view => view.WithSite("b", site => site with { Availability = [From(-100, 0)] })).ShouldBe("availability");
        Moving(view => view.WithSite("b", site => site with { Availability = [From(0, 100)] })).ShouldBeNull();
    }

    [Fact]
    public void A_VM_arrives_only_while_the_site_takes_arrivals()
    {
        Moving(view => WithArrivals(view, new(12, 1), new(13, 0))).ShouldBe("arrivals");
        Moving(view => WithArrivals(view, new(12, 0), new(13, 0))).ShouldBeNull();
    }

    [Fact]
    public void A_VM_leaves_only_while_its_site_lets_VMs_leave()
    {
        Moving(view => WithDepartures(view, new(12, 1), new(13, 0))).ShouldBe("departures");
        Moving(view => WithDepartures(view, new(12, 0), new(13, 0))).ShouldBeNull();
    }

    [Fact]
    public void A_VM_that_stays_does_not_arrive() =>
        View().WithPolicy("a", policy => policy with { Arrivals = [new([], new(1, 0), new(2, 0), TimeZoneInfo.Utc)] })
            .BrokenRule(Samples.At("a")).ShouldBeNull();

    [Fact]
    public void No_VM_moves_to_a_site_that_lets_no_migration_in() =>
        Moving(view => view.WithPolicy("b", policy => policy with { MigrationsIn = 0 })).ShouldBe("migrations");

    [Fact]
    public void No_VM_moves_from_a_site_that_lets_no_migration_out() =>
        Moving(view => view.WithPolicy("a", policy => policy with { MigrationsOut = 0 })).ShouldBe("migrations");

    [Fact]
    public void Limits_on_migrations_do_not_concern_a_first_placement() =>
        Samples.View([Samples.Site("b")], Samples.Vm("vm1"))
            .WithPolicy("b", policy => policy with { MigrationsIn = 0, MigrationsOut = 0 })
            .BrokenRule(Samples.At("b")).ShouldBeNull();

    [Fact]
    public void No_VM_moves_where_no_link_leads() =>
        Moving(view => view.WithSite("a", site => site with { Links = site.Links.Clear() })).ShouldBe("link");

    [Fact]
    public void No_VM_moves_that_rewrites_its_memory_faster_than_the_link_carries_it() =>
        Moving(view => view.WithVm("vm1", vm => vm with { DirtyBytesPerSecond = Samples.Link.BytesPerSecond })).ShouldBe("migration");

    [Fact]
    public void A_running_VM_keeps_its_offer_while_it_stays() =>
        View().WithSite("a", site => site with { Offers = [Samples.Std, Samples.Std with { Name = "other" }] })
            .BrokenRule(new Location(new("a"), "other")).ShouldBe("offer");

    [Fact]
    public void An_offer_has_to_meet_the_VMs_needs()
    {
        Moving(view => view.WithOffer("b", offer => offer with { Vcpus = 1 })).ShouldBe("needs");
        Moving(view => view.WithOffer("b", offer => offer with { MemoryBytes = (4 * Samples.GiB) - 1 })).ShouldBe("needs");
        Moving(view => view.WithOffer("b", offer => offer with { Vcpus = 2, MemoryBytes = 4 * Samples.GiB })).ShouldBeNull();
    }

    [Fact]
    public void An_offer_that_is_used_up_takes_no_VM() =>
        Moving(view => view.WithOffer("b", offer => offer with { Available = 0 })).ShouldBe("capacity");

    [Fact]
    public void An_offer_without_a_price_yet_cannot_be_used() =>
        Moving(view => view.WithOffer("b", offer => offer with { Price = NotYet })).ShouldBe("price");

    [Fact]
    public void A_VM_whose_present_offer_has_no_price_yet_may_leave_it() =>
        Moving(view => view.WithOffer("a", offer => offer with { Price = NotYet })).ShouldBeNull();

    private static PlacementView View() => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"));

    private static string? Moving(Func<PlacementView, PlacementView> change) => change(View()).BrokenRule(Samples.At("b"));

    private static PlacementView WithTags(PlacementView view, string[] asked, string[] offered) => view
        .WithVm("vm1", vm => vm with { Residency = [.. asked] })
        .WithPolicy("b", policy => policy with { Residency = [.. offered] });

    private static PlacementView WithArrivals(PlacementView view, TimeOnly from, TimeOnly until) =>
        view.WithPolicy("b", policy => policy with { Arrivals = [new([], from, until, TimeZoneInfo.Utc)] });

    private static PlacementView WithDepartures(PlacementView view, TimeOnly from, TimeOnly until) =>
        view.WithPolicy("a", policy => policy with { Departures = [new([], from, until, TimeZoneInfo.Utc)] });

    private static Availability From(int start, int end) => new(Samples.Now.AddHours(start), Samples.Now.AddHours(end));
}
