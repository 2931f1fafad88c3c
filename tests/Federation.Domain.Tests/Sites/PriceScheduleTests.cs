using CsCheck;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class PriceScheduleTests
{
    private const double Rounding = 1e-9;

    private static readonly PriceSchedule DayAndNight = new(
    [
        new(Samples.Now.AddHours(2), 3), new(Samples.Now, 1), new(Samples.Now.AddHours(1), 2),
    ]);

    [Fact]
    public void Entries_are_kept_earliest_first() =>
        DayAndNight.Entries.Select(entry => entry.PerHour).ShouldBe([1, 2, 3]);

    [Fact]
    public void Before_the_first_entry_there_is_no_price()
    {
        DayAndNight.At(Samples.Now.AddTicks(-1)).ShouldBeNull();
        DayAndNight.Over(Samples.Now.AddTicks(-1), 1).ShouldBeNull();
    }

    [Fact]
    public void A_price_holds_from_its_first_instant_to_the_next_ones()
    {
        DayAndNight.At(Samples.Now).ShouldBe(1);
        DayAndNight.At(Samples.Now.AddHours(1).AddTicks(-1)).ShouldBe(1);
        DayAndNight.At(Samples.Now.AddHours(1)).ShouldBe(2);
    }

    [Fact]
    public void The_last_price_holds_on() => DayAndNight.At(Samples.Now.AddYears(100)).ShouldBe(3);

    [Fact]
    public void A_stay_over_several_entries_costs_each_for_as_long_as_it_holds() =>
        DayAndNight.Over(Samples.Now.AddMinutes(30), 2.5 * 3600).ShouldNotBeNull().ShouldBe(0.5 + 2 + 3, Rounding);

    [Fact]
    public void A_stay_of_no_time_costs_nothing() => DayAndNight.Over(Samples.Now, 0).ShouldBe(0);

    [Fact]
    public void The_bills_of_two_periods_add_up_to_that_of_both() =>
        Gen.Select(RandomPrices.Schedule, Gen.Int[0, 40_000], Gen.Int[0, 40_000]).Sample((schedule, first, second) =>
        {
            var whole = schedule.Over(RandomPrices.Now, first + second);
            var parts = schedule.Over(RandomPrices.Now, first) + schedule.Over(RandomPrices.Now.AddSeconds(first), second);
            (parts is null).ShouldBe(whole is null);
            if (whole is { } sum)
            {
                parts.ShouldNotBeNull().ShouldBe(sum, sum * Rounding);
            }
        });

    [Fact]
    public void A_bill_is_the_sum_of_its_seconds() =>
        Gen.Select(RandomPrices.Stepped, Gen.Int[0, 5_000]).Sample(
            (schedule, seconds) =>
            {
                var perSecond = Enumerable.Range(0, seconds).Select(second => schedule.At(RandomPrices.Now.AddSeconds(second)));
                if (schedule.Over(RandomPrices.Now, seconds) is { } bill)
                {
                    var sum = (double)perSecond.Sum(price => price!.Value) / 3600;
                    bill.ShouldBe(sum, sum * Rounding);
                }
            },
            iter: 100);

    [Fact]
    public void A_schedule_without_entries_is_refused() => Should.Throw<ArgumentException>(() => new PriceSchedule([]));

    [Fact]
    public void A_negative_price_is_refused() => Should.Throw<ArgumentException>(() => PriceSchedule.Always(-0.01m));

    [Fact]
    public void Two_prices_from_the_same_instant_are_refused() =>
        Should.Throw<ArgumentException>(() => new PriceSchedule([new(Samples.Now, 1), new(Samples.Now.ToOffset(TimeSpan.FromHours(1)), 2)]));
}
