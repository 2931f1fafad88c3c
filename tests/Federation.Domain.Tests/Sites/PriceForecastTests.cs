using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class PriceForecastTests
{
    private static readonly TimeSpan Reversion = TimeSpan.FromDays(5);

    // Ten days at 1 an hour, then 2.
    private static readonly PriceSchedule Doubled = new([new(Samples.Now.AddDays(-10), 1), new(Samples.Now, 2)]);

    [Fact]
    public void A_price_comes_back_towards_the_mean_of_what_was_seen_and_never_beyond()
    {
        var expected = PriceForecast.Of(Doubled, Samples.Now, Reversion);
        var prices = expected.Entries.Select(entry => entry.PerHour).ToList();
        prices.ShouldBeInOrder(SortDirection.Descending);
        prices.ShouldAllBe(price => price < 2 && price >= 1);
        // Ten days of two reversions: half the way to 1 is believed.
        prices[^1].ShouldBe(1.5m, 1e-6m);
    }

    [Fact]
    public void Its_bill_is_that_of_the_expectation()
    {
        // From 2 to 1.5, the difference falling to 1/e in five days: over five days 1.5 x 120 h + 0.5 x 120 h x (1 - 1/e).
        var bill = PriceForecast.Of(Doubled, Samples.Now, Reversion).Over(Samples.Now, Reversion.TotalSeconds);
        bill.ShouldNotBeNull().ShouldBe(180 + (60 * (1 - Math.Exp(-1))), 1e-6);
    }

    [Fact]
    public void The_less_was_seen_the_more_the_present_is_taken_to_hold_on()
    {
        decimal Last(double days) =>
            PriceForecast.Of(new([new(Samples.Now.AddDays(-days), 1), new(Samples.Now, 2)]), Samples.Now, Reversion).Entries[^1].PerHour;
        Last(0.01).ShouldBe(2, 0.002m);
        Last(1).ShouldBeGreaterThan(Last(10));
        Last(1000).ShouldBe(1, 0.02m);
    }

    [Fact]
    public void What_is_known_of_the_future_and_a_price_that_never_changed_stay_as_they_are()
    {
        var known = new PriceSchedule([new(Samples.Now.AddDays(-1), 1), new(Samples.Now.AddDays(1), 2)]);
        PriceForecast.Of(known, Samples.Now, Reversion).ShouldBeSameAs(known);
        var list = PriceSchedule.Always(3);
        PriceForecast.Of(list, Samples.Now, Reversion).ShouldBeSameAs(list);
    }

    [Fact]
    public void What_comes_after_the_present_is_not_looked_at()
    {
        var future = new PriceSchedule([.. Doubled.Entries, new(Samples.Now.AddDays(1), 100)]);
        PriceForecast.OfPast(future, Samples.Now, Reversion).Entries.ShouldBe(PriceForecast.Of(Doubled, Samples.Now, Reversion).Entries);
    }
}
