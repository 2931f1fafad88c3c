using CsCheck;
using Federation.Domain.Estimation;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class PreCopyTests
{
    private const double Rounding = 1e-9;

    private static readonly PreCopyOptions Options = new();

    private static readonly Gen<(double Memory, double Dirty, double Rate)> Any =
        Gen.Select(Gen.Double[1e6, 1e12], Gen.Double[0, 2e9], Gen.Double[1e6, 3e9]);

    [Fact]
    public void A_migration_converges_exactly_when_the_link_is_faster_than_the_memory_changes() =>
        Any.Sample((memory, dirty, rate) => (PreCopy.Estimate(memory, dirty, rate, Options) is not null).ShouldBe(dirty < rate));

    [Fact]
    public void Memory_that_changes_as_fast_as_the_link_carries_it_does_not_converge() =>
        PreCopy.Estimate(1e9, 1e8, 1e8, Options).ShouldBeNull();

    [Fact]
    public void More_memory_never_sends_less_nor_takes_shorter() =>
        Gen.Select(Any, Gen.Double[0, 1e11]).Sample((migration, more) =>
            Grows(migration, (migration.Memory + more, migration.Dirty, migration.Rate)));

    [Fact]
    public void A_higher_dirty_rate_never_sends_less_nor_takes_shorter() =>
        Gen.Select(Any, Gen.Double[0, 1e8]).Sample((migration, more) =>
            Grows(migration, (migration.Memory, migration.Dirty + more, migration.Rate)));

    [Fact]
    public void Idle_memory_is_sent_once_and_the_VM_only_has_to_resume()
    {
        var estimate = PreCopy.Estimate(4e9, 0, 1e8, Options).ShouldNotBeNull();
        estimate.ShouldBe(new MigrationEstimate(4e9, 40 + 0.1, 0.1, 1));
    }

    [Fact]
    public void Rounds_go_on_until_the_rest_fits_the_downtime_budget()
    {
        // 4 GB at 100 MB/s with half of it rewritten: 40, 20, 10, 5, 2.5, 1.25, 0.625 s and 0.3125 s are too long, 0.15625 s is not.
        var estimate = PreCopy.Estimate(4e9, 5e7, 1e8, Options).ShouldNotBeNull();
        estimate.Rounds.ShouldBe(8);
        estimate.DowntimeSeconds.ShouldBe(0.15625 + 0.1, Rounding);
        estimate.Bytes.ShouldBe(4e9 * (2 - Math.Pow(0.5, 8)), 4e9 * Rounding);
        estimate.DurationSeconds.ShouldBe((estimate.Bytes / 1e8) + 0.1, Rounding);
    }

    [Fact]
    public void The_VM_stands_still_no_longer_than_the_budget_unless_the_rounds_ran_out() =>
        Any.Sample((memory, dirty, rate) =>
        {
            if (PreCopy.Estimate(memory, dirty, rate, Options) is { } estimate && estimate.Rounds < Options.MaxRounds)
            {
                estimate.DowntimeSeconds.ShouldBeLessThanOrEqualTo(Options.DowntimeBudgetSeconds + Options.ResumeSeconds);
            }
        });

    [Fact]
    public void The_rounds_are_limited_and_the_rest_is_sent_with_the_VM_stopped()
    {
        var estimate = PreCopy.Estimate(1e11, 0.99e8, 1e8, Options).ShouldNotBeNull();
        estimate.Rounds.ShouldBe(Options.MaxRounds);
        estimate.DowntimeSeconds.ShouldBe((1000 * Math.Pow(0.99, 30)) + 0.1, 1000 * Rounding);
    }

    private static void Grows((double Memory, double Dirty, double Rate) small, (double Memory, double Dirty, double Rate) large)
    {
        if (PreCopy.Estimate(large.Memory, large.Dirty, large.Rate, Options) is { } more)
        {
            var less = PreCopy.Estimate(small.Memory, small.Dirty, small.Rate, Options).ShouldNotBeNull();
            less.Bytes.ShouldBeLessThanOrEqualTo(more.Bytes * (1 + Rounding));
            less.DurationSeconds.ShouldBeLessThanOrEqualTo(more.DurationSeconds * (1 + Rounding));
        }
    }
}
