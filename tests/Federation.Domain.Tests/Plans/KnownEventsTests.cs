using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class KnownEventsTests
{
    [Fact]
    public void Prices_reservations_and_windows_are_known_in_the_order_in_which_they_come()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
            .WithOffer("a", offer => offer with { Price = new([new(At(10), 3), new(At(13), 2), new(At(14), 2), new(At(15), 4), new(At(23), 1)]) })
            .WithSite("b", site => site with { Availability = [new(At(11), At(16)), new(At(17), At(18))] })
            .WithPolicy("a", policy => policy with { Departures = [new([], new(9, 0), new(12, 30), TimeZoneInfo.Utc)] });
        KnownEvents.Of(view, At(18)).Select(known => (known.At.Hour, known.Kind, known.Site.Value)).ShouldBe(
        [
            (12, KnownEventKind.DeparturesClose, "a"), (13, KnownEventKind.PriceFalls, "a"), (15, KnownEventKind.PriceRises, "a"),
            (16, KnownEventKind.SiteCloses, "b"), (17, KnownEventKind.SiteOpens, "b"), (18, KnownEventKind.SiteCloses, "b"),
        ]);
        KnownEvents.Next(view).ShouldBe(At(12).AddMinutes(30));
        KnownEvents.Next(view.With(app => app with { Remaining = TimeSpan.FromMinutes(10) })).ShouldBeNull("it ends before");
    }

    [Fact]
    public void Windows_that_meet_are_one_and_those_of_a_zone_open_when_its_clocks_say_so()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("ahead", TimeSpan.FromHours(2), "ahead", "ahead");
        var view = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a"))
            .WithPolicy("a", policy => policy with { Arrivals = [new([DayOfWeek.Monday], new(8, 0), new(16, 0), zone), new([], new(16, 0), new(20, 0), zone)] });
        KnownEvents.Of(view, At(12).AddDays(1)).Select(known => (known.At, known.Kind)).ShouldBe(
            [(At(18), KnownEventKind.ArrivalsClose)], "on Tuesday it opens at 14:00 UTC, which is later than a day from now");
        KnownEvents.Of(view, At(12).AddDays(1).AddHours(2))[^1].ShouldBe(new(At(14).AddDays(1), KnownEventKind.ArrivalsOpen, new("a")));
    }

    [Fact]
    public void Sites_that_do_not_admit_the_tenant_tell_it_nothing()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"))
            .WithOffer("b", offer => offer with { Price = new([new(At(10), 3), new(At(12).AddMinutes(30), 2)]) });
        KnownEvents.Next(view).ShouldNotBeNull();
        KnownEvents.Next(view.WithPolicy("b", policy => policy with { Tenants = ["others"] })).ShouldBeNull();
    }

    private static DateTimeOffset At(int hour) => new(2026, 11, 23, hour, 0, 0, TimeSpan.Zero);
}
