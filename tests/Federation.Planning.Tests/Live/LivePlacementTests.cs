using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Planning.Live;
using Federation.Planning.Model;
using Federation.Planning.Tests.Worlds;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Live;

public sealed class LivePlacementTests
{
    private const int Moves = 40;

    [Fact]
    public void After_any_moves_it_stands_where_a_whole_evaluation_says() =>
        World.Medium.Sample(
            world => Wander(world, (model, live, evaluated) =>
            {
                if (evaluated.Estimate is not { } estimate)
                {
                    live.Now.Violation.ShouldBeGreaterThanOrEqualTo(TimeLimits.WeightOfMissingLink);
                    return;
                }

                Same(live.Now.Seconds, estimate.TimeSeconds, "time");
                Same(live.Now.Money, estimate.Cost, "cost");
                Same(live.Now.Preference, estimate.Preference, "preference");
                live.Now.Paid.ShouldBe(estimate.PaidVcpus);
                live.Now.Sites.ShouldBe(estimate.SiteCount);
                live.Now.Occupied.ShouldBe(estimate.OccupiedVcpus);
            }),
            iter: 1_000);

    [Fact]
    public void It_is_feasible_exactly_where_the_rules_say_so_but_for_the_order_of_moves() =>
        World.Medium.Sample(
            world => Wander(world, (model, live, evaluated) =>
            {
                var onlyOrder = evaluated.Verdict.Refusal?.Code == RefusalCode.CapacityNoOrder;
                (live.Now.Violation == 0).ShouldBe(evaluated.Verdict.IsFeasible || onlyOrder, evaluated.Verdict.Refusal?.ToString());
            }),
            iter: 1_000);

    [Fact]
    public void To_try_a_move_says_what_making_it_does() =>
        World.Medium.Sample(
            world =>
            {
                var problem = new PlacementProblem(world.View);
                if (problem.Candidates.Any(seats => seats.IsEmpty))
                {
                    return;
                }

                var (model, random) = (new CostModel(problem), new Random(world.Seed));
                var live = new LivePlacement(model, new(model.Problem), peak: random.Next(2) == 0);
                for (var i = 0; i < Moves; i++)
                {
                    var vm = random.Next(model.VmCount);
                    var seat = random.Next(6) == 0 ? live.Nowhere : model.Candidates[vm][random.Next(model.Candidates[vm].Length)];
                    var tried = live.Try(vm, seat);
                    live.Move(vm, seat);
                    Same(tried, live.Now);
                    var fresh = new LivePlacement(model, new(model.Problem), peak: false);
                    fresh.Load(live.Seats);
                    Same(tried.Seconds, fresh.Now.Seconds, "time");
                    Same(tried.Preference, fresh.Now.Preference, "preference");
                    if (tried.Seconds == fresh.Now.Seconds)
                    {
                        Same(tried.Money, fresh.Now.Money, "cost");
                    }
                }
            },
            iter: 1_000);

    // Whatever fits while every VM keeps its old seat until the end fits in any order of the moves.
    [Fact]
    public void What_fits_at_its_peak_has_an_order_of_moves()
    {
        var seen = 0;
        World.Medium.Sample(
            world => Wander(
                world,
                (model, live, evaluated) =>
                {
                    if (live.Now.Violation == 0)
                    {
                        evaluated.Verdict.Refusal.ShouldBeNull();
                        Interlocked.Increment(ref seen);
                    }
                },
                peak: true),
            iter: 1_000);
        seen.ShouldBeGreaterThan(100);
    }

    private static void Wander(World world, Action<CostModel, LivePlacement, Evaluated> check, bool peak = false)
    {
        var problem = new PlacementProblem(world.View);
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return;
        }

        var (model, random) = (new CostModel(problem), new Random(world.Seed));
        var live = new LivePlacement(model, new(problem), peak);
        int[] start = [.. model.Candidates.Select(seats => seats[random.Next(seats.Length)])];
        live.Load(start);
        for (var i = 0; i < Moves; i++)
        {
            check(model, live, Evaluated.Of(problem, live.Seats.ToArray()));
            var vm = random.Next(model.VmCount);
            live.Move(vm, model.Candidates[vm][random.Next(model.Candidates[vm].Length)]);
        }
    }

    private static void Same(Standing actual, Standing expected)
    {
        Same(actual.Violation, expected.Violation, "violation");
        Same(actual.Seconds, expected.Seconds, "time");
        if (actual.Seconds == expected.Seconds)
        {
            // A last bit of time more may be an increment more that is billed, at another price.
            Same(actual.Money, expected.Money, "cost");
            actual.Paid.ShouldBe(expected.Paid);
        }

        actual.Sites.ShouldBe(expected.Sites);
        actual.Occupied.ShouldBe(expected.Occupied);
    }

    private static void Same(double actual, double expected, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(1e-9 * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, not {expected:R}");
}
