using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Predictions;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Predictions;

public sealed class MovePredictionsTests
{
    private static readonly AppId App = Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a")).Application.Id;

    [Fact]
    public void A_move_counts_once_for_each_kind_that_was_measured_at_its_link_and_that_way()
    {
        var there = Done(1, "a", "b");
        var back = Done(2, "b", "a") with { Progress = null };

        MovePredictions.Of([back, there, there]).Select(one => (one.From.Value, one.To.Value, one.Kind, one.Error.Count, Math.Round(one.Error.Bias!.Value, 9))).ShouldBe(
        [
            ("a", "b", PredictedKind.Bytes, 1, 1.1), ("a", "b", PredictedKind.Duration, 1, 2), ("a", "b", PredictedKind.Downtime, 1, 3),
            ("b", "a", PredictedKind.Duration, 1, 2), ("b", "a", PredictedKind.Downtime, 1, 3),
        ]);
    }

    [Fact]
    public void A_move_that_was_rolled_back_or_was_cold_says_nothing()
    {
        var done = Done(1, "a", "b");
        MovePredictions.Of([done with { Phase = MigrationPhase.RolledBack }, done with { Order = done.Order with { Terms = new() { IsLive = false } } }]).ShouldBeEmpty();
    }

    [Fact]
    public void What_was_not_estimated_is_not_held_against_anything()
    {
        var done = Done(1, "a", "b");
        MovePredictions.Of([done with { Order = done.Order with { Bytes = 0 } }]).ShouldAllBe(one => one.Kind != PredictedKind.Bytes);
    }

    // Said: 1,000 bytes in 10 s, 0.1 s of them standing still; came: 1,100 bytes in 20 s, 0.3 s.
    private static MigrationState Done(int step, string from, string to)
    {
        var order = new MigrationOrder(new(new(App, 1), step), new(App, new("vm1")), Samples.At(from), Samples.At(to), 2, 10, 0.1) { Bytes = 1000 };
        return new(order, order.Id.Plan, 0, MigrationPhase.Done, Samples.Now, Samples.Now.AddSeconds(21))
        {
            Phases = [new(MigrationPhase.Reserve, Samples.Now), new(MigrationPhase.UpdateNetwork, Samples.Now.AddSeconds(20)), new(MigrationPhase.Done, Samples.Now.AddSeconds(21))],
            Progress = new(order.Id, MemorySentBytes: 900, DiskSentBytes: 200),
            StoodStillSeconds = 0.3,
        };
    }
}
