using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Sites;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

/// <summary>23 November 2026 is a Monday; Paris is an hour ahead of UTC then, two in summer.</summary>
public sealed class ArrivalWindowTests
{
    private static readonly TimeZoneInfo Paris = TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris");

    private static readonly ImmutableSortedSet<DayOfWeek> Weekdays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private static readonly ArrivalWindow Nights = new(Weekdays, new(20, 0), new(6, 0), Paris);

    private static readonly ArrivalWindow Mornings = new(Weekdays, new(8, 0), new(12, 0), Paris);

    [Theory]
    [InlineData("2026-11-23T06:59:59Z", false)]
    [InlineData("2026-11-23T07:00:00Z", true)]
    [InlineData("2026-11-23T10:59:59Z", true)]
    [InlineData("2026-11-23T11:00:00Z", false)]
    [InlineData("2026-11-22T08:00:00Z", false)]
    public void A_window_within_a_day_is_open_from_its_first_instant_to_before_its_last(string instant, bool open) =>
        Mornings.Holds(At(instant)).ShouldBe(open);

    [Theory]
    [InlineData("2026-11-23T18:59:59Z", false)]
    [InlineData("2026-11-23T19:00:00Z", true)]
    [InlineData("2026-11-24T04:59:59Z", true)]
    [InlineData("2026-11-24T05:00:00Z", false)]
    public void A_window_over_midnight_closes_on_the_day_after(string instant, bool open) =>
        Nights.Holds(At(instant)).ShouldBe(open);

    [Theory]
    [InlineData("2026-11-23T03:00:00Z", false)]
    [InlineData("2026-11-28T03:00:00Z", true)]
    [InlineData("2026-11-28T20:00:00Z", false)]
    public void A_night_belongs_to_the_day_on_which_it_opens(string instant, bool open) =>
        Nights.Holds(At(instant)).ShouldBe(open);

    [Theory]
    [InlineData("2026-07-06T06:00:00Z", true)]
    [InlineData("2026-07-06T10:00:00Z", false)]
    public void Summer_time_is_the_zones_own(string instant, bool open) => Mornings.Holds(At(instant)).ShouldBe(open);

    [Fact]
    public void An_instant_is_the_same_in_whatever_zone_it_is_written() =>
        Mornings.Holds(At("2026-11-23T07:00:00Z").ToOffset(TimeSpan.FromHours(-9))).ShouldBeTrue();

    [Theory]
    [InlineData("2026-11-23T07:00:00Z", false)]
    [InlineData("2026-11-23T08:00:00Z", true)]
    [InlineData("2026-11-24T07:59:59Z", true)]
    [InlineData("2026-11-24T08:00:00Z", false)]
    public void A_window_that_closes_when_it_opens_is_open_for_a_day(string instant, bool open) =>
        new ArrivalWindow([DayOfWeek.Monday], new(8, 0), new(8, 0), TimeZoneInfo.Utc).Holds(At(instant)).ShouldBe(open);

    [Fact]
    public void A_window_without_days_opens_every_day() =>
        new ArrivalWindow([], new(8, 0), new(12, 0), TimeZoneInfo.Utc).Holds(At("2026-11-22T08:00:00Z")).ShouldBeTrue();

    [Fact]
    public void A_policy_without_windows_takes_VMs_at_any_time_and_one_with_some_in_any_of_them()
    {
        var instant = At("2026-11-23T19:00:00Z");
        new SitePolicy().AcceptsArrivalAt(instant).ShouldBeTrue();
        new SitePolicy { Arrivals = [Mornings] }.AcceptsArrivalAt(instant).ShouldBeFalse();
        new SitePolicy { Arrivals = [Mornings, Nights] }.AcceptsArrivalAt(instant).ShouldBeTrue();
    }

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);
}
