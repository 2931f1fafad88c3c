using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Applications;

public sealed class MoveTermsTests
{
    [Fact]
    public void Where_nobody_says_anything_a_hypervisor_is_told_the_defaults_and_the_downtime_that_was_estimated()
    {
        Terms(new()).Of(isLive: true, downtimeSeconds: 0.2).ShouldBe(new TransferTerms());
        Terms(new()).Of(isLive: true, downtimeSeconds: 2).ShouldBe(new TransferTerms { DowntimeSeconds = 2 });
    }

    [Fact]
    public void The_strictest_of_the_three_is_told()
    {
        var terms = new MoveTerms(
            new() { Downtime = Seconds(3), Duration = Seconds(60), AutoConverge = true },
            new() { Downtime = Seconds(2), BytesPerSecond = 1e7 },
            new() { Duration = Seconds(30), BytesPerSecond = 2e7 }).Of(isLive: true, downtimeSeconds: 1);
        terms.ShouldBe(new TransferTerms { DowntimeSeconds = 2, DurationSeconds = 30, BytesPerSecond = 10_000_000, AutoConverge = true });
    }

    [Fact]
    public void A_site_s_no_to_slowing_down_holds() =>
        new MoveTerms(new() { AutoConverge = true }, new(), new() { AutoConverge = false }).Of(isLive: true, downtimeSeconds: 0.1).AutoConverge.ShouldBeFalse();

    [Fact]
    public void Limits_that_may_be_exceeded_cancel_nothing_and_leave_room_for_what_was_estimated() =>
        Terms(new() { Downtime = Seconds(1), Duration = Seconds(60), WhenMissed = MissedLimit.Exceed }).Of(isLive: true, downtimeSeconds: 4)
            .ShouldBe(new TransferTerms { DowntimeSeconds = 4, DurationSeconds = null });

    [Fact]
    public void A_cold_move_has_no_time_limit_and_slows_nothing_down() =>
        Terms(new() { Duration = Seconds(60), AutoConverge = true }).Of(isLive: false, downtimeSeconds: 90).ShouldBe(new TransferTerms { IsLive = false, DowntimeSeconds = 90 });

    private static MoveTerms Terms(MoveLimits limits) => new(limits, new(), new());

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
