using CsCheck;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class BillingTests
{
    private static readonly Billing ByTheHour = new(TimeSpan.FromHours(1), TimeSpan.FromHours(2));

    [Fact]
    public void Time_is_rounded_up_to_the_increment()
    {
        ByTheHour.BilledSeconds(3601, arrives: false).ShouldBe(7200);
        ByTheHour.BilledSeconds(7200, arrives: false).ShouldBe(7200);
    }

    [Fact]
    public void The_minimum_is_for_VMs_that_arrive()
    {
        ByTheHour.BilledSeconds(10, arrives: true).ShouldBe(7200);
        ByTheHour.BilledSeconds(10, arrives: false).ShouldBe(3600);
        ByTheHour.BilledSeconds(8000, arrives: true).ShouldBe(10800);
    }

    [Fact]
    public void An_excess_that_only_rounding_can_have_made_is_not_billed() =>
        ByTheHour.BilledSeconds(7200.000000000001, arrives: false).ShouldBe(7200);

    [Fact]
    public void What_is_billed_is_the_fewest_increments_that_hold_the_stay() =>
        Gen.Select(RandomPrices.Billing, Gen.Double[1, 1e6]).Sample((billing, seconds) =>
        {
            var billed = billing.BilledSeconds(seconds, arrives: false);
            billed.ShouldBeGreaterThanOrEqualTo(seconds * (1 - 1e-9));
            billed.ShouldBeLessThan(seconds + billing.Increment.TotalSeconds + (seconds * 1e-9));
            billing.BilledSeconds(seconds, arrives: true).ShouldBe(Math.Max(billed, billing.Minimum.TotalSeconds));
        });
}
