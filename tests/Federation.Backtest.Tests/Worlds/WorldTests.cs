using Federation.Backtest.Worlds;
using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Backtest.Tests.Worlds;

public sealed class WorldTests
{
    private static readonly SiteId Cloud = new("aws-eu-central-1");
    private static readonly SiteId Grid = new("rennes");

    [Fact]
    public void The_same_scenario_gives_the_same_world()
    {
        var (one, other) = (new World(Shipped.Named("month")), new World(Shipped.Named("month")));
        one.Sites.SelectMany(site => site.Offers).SelectMany(offer => offer.Price.Entries)
            .ShouldBe(other.Sites.SelectMany(site => site.Offers).SelectMany(offer => offer.Price.Entries));
        one.Applications.Select(application => (application.Spec.Id, application.Arrival, application.Work))
            .ShouldBe(other.Applications.Select(application => (application.Spec.Id, application.Arrival, application.Work)));
    }

    [Fact]
    public void Prices_wander_around_those_of_the_files_as_far_as_the_model_says()
    {
        var scenario = Shipped.Named("month") with
        {
            Length = TimeSpan.FromDays(300),
            Prices = new(0.3, TimeSpan.FromHours(10), TimeSpan.FromHours(1), null),
        };
        var offer = scenario.Sites[Cloud].Offers[0];
        var history = new World(scenario).Site(Cloud).Offers[0].Price;
        var logs = history.Entries.Select(entry => Math.Log((double)(entry.PerHour / offer.Price.Entries[0].PerHour))).ToList();

        // Some 720 independent stretches of ten hours: the mean is within 4 standard errors, so is the rest.
        var mean = logs.Average();
        var deviation = Math.Sqrt(logs.Average(log => (log - mean) * (log - mean)));
        var kept = logs.Zip(logs.Skip(10)).Average(pair => (pair.First - mean) * (pair.Second - mean)) / (deviation * deviation);
        mean.ShouldBe(-0.3 * 0.3 / 2, 0.07);
        deviation.ShouldBe(0.3, 0.04);
        kept.ShouldBe(Math.Exp(-1), 0.12);
    }

    [Fact]
    public void What_is_free_stays_free() =>
        new World(Shipped.Named("month")).Site(Grid).Offers.ShouldAllBe(offer => offer.Price.Entries.Length == 1);

    [Fact]
    public void Prices_to_come_are_seen_by_hindsight_only()
    {
        var world = new World(Shipped.Named("month"));
        var now = world.Scenario.Start.AddDays(3).AddMinutes(20);
        var known = world.SitesAt(now, knowsPrices: false).Single(site => site.Id == Cloud).Offers[0].Price;
        var truth = world.Site(Cloud).Offers[0].Price;

        known.Entries.Length.ShouldBe(1);
        known.At(now).ShouldBe(truth.At(now));
        world.SitesAt(now, knowsPrices: true).Single(site => site.Id == Cloud).Offers[0].Price.ShouldBe(truth);
    }

    [Fact]
    public void A_closure_is_known_from_its_notice_on_and_not_before()
    {
        var world = new World(Shipped.Named("month"));
        var closure = world.Scenario.Closures.Single(closure => closure.Site == Cloud);

        Until(closure.From - closure.Notice - TimeSpan.FromSeconds(1)).ShouldBe(DateTimeOffset.MaxValue);
        Until(closure.From - closure.Notice).ShouldBe(closure.From);
        Until(closure.From).ShouldBeNull();
        Until(closure.Until).ShouldBe(DateTimeOffset.MaxValue);

        DateTimeOffset? Until(DateTimeOffset now) =>
            world.SitesAt(now, knowsPrices: false).Single(site => site.Id == Cloud).AvailableUntil(now);
    }

    [Fact]
    public void A_closure_cuts_a_reservation_in_two()
    {
        var world = new World(Shipped.Named("month"));
        var closure = world.Scenario.Closures.Single(closure => closure.Site == Grid);
        world.Site(Grid).AvailableUntil(closure.From.AddSeconds(-1)).ShouldBe(closure.From);
        world.Site(Grid).AvailableUntil(closure.From).ShouldBeNull();
        world.Site(Grid).AvailableUntil(closure.Until).ShouldBe(world.Scenario.Reservations[Grid].Single(interval => interval.Until > closure.Until && interval.From < closure.From).Until);
    }

    [Fact]
    public void Phases_follow_each_other_over_and_over_and_their_mean_lies_ahead()
    {
        var application = new World(Shipped.Named("month")).Applications.First(one => one.Spec.Id.Name.StartsWith("server", StringComparison.Ordinal));

        application.PhaseAt(0).ShouldBe((0, 14 * 3600.0));
        application.PhaseAt(15 * 3600).ShouldBe((1, 9 * 3600.0));
        application.PhaseAt(24 * 3600).ShouldBe((0, 14 * 3600.0));

        var ahead = application.Ahead(application.Work - (2 * 24 * 3600)).Traffic.SentOutside.First().Value.Bytes;
        var (loud, quiet) = (application.Phases[0].Traffic.SentOutside.First().Value.Bytes, application.Phases[1].Traffic.SentOutside.First().Value.Bytes);
        ahead.ShouldBe(((14 * loud) + (10 * quiet)) / 24, loud * 1e-6);
    }
}
