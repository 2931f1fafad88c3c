using CsCheck;
using Federation.Domain.Clocks;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Clocks;

public sealed class ClockReadingTests
{
    [Fact]
    public void A_step_is_what_the_clock_was_set_by_however_much_time_has_passed() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[-200_000_000, 200_000_000]).Sample((passed, set) =>
        {
            var before = new ClockReading(new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(3));
            var (elapsed, step) = (TimeSpan.FromMilliseconds(passed), TimeSpan.FromMilliseconds(set));
            var after = new ClockReading(before.Wall + elapsed + step, before.Monotonic + elapsed);
            before.StepTo(after, TimeSpan.FromSeconds(1)).ShouldBe(Math.Abs(set) > 1000 ? step : TimeSpan.Zero);
        });
}
