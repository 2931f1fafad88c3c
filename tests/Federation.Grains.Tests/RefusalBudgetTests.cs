using Federation.Grains.Access;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class RefusalBudgetTests
{
    [Fact]
    public void A_flood_of_refused_calls_makes_few_entries_and_the_next_entry_counts_the_rest()
    {
        var clock = new FakeTimeProvider();
        var budget = new RefusalBudget(clock);

        Enumerable.Range(0, 10_000).Count(_ => budget.Spend(out var _)).ShouldBe(500);
        clock.Advance(TimeSpan.FromSeconds(2));
        budget.Spend(out var before).ShouldBeTrue();
        before.ShouldBe(9_500);
        Enumerable.Range(0, 100).Count(_ => budget.Spend(out var _)).ShouldBe(9);
        clock.Advance(TimeSpan.FromDays(1));
        budget.Spend(out before).ShouldBeTrue();
        before.ShouldBe(91);
        budget.Spend(out before).ShouldBeTrue();
        before.ShouldBe(0);
    }
}
