using System.Globalization;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning.Tests.Reference;
using Shouldly;
using Xunit;

namespace Federation.Planning.Tests.Futures;

/// <summary>Plans over known events, each against a slow search over all sequences of placements at all instants.</summary>
/// <remarks><c>FEDERATION_FUTURES</c> says how many worlds; <c>tests/nightly.sh</c> goes through more.</remarks>
public sealed class FuturesTests(ITestOutputHelper output)
{
    private const int Usual = 60;

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("FEDERATION_FUTURES"), CultureInfo.InvariantCulture, out var count) ? count : Usual;

    [Fact]
    public void A_plan_that_is_said_to_be_optimal_is_as_good_as_the_best_of_all_sequences_and_nearly_every_small_world_has_one()
    {
        var (faults, unproven, later, twice, never, quiet, restarts) = (new List<string>(), new List<string>(), 0, 0, 0, 0, 0);
        for (var number = 0; number < Count; number++)
        {
            var view = FutureView.Make(number);
            var plan = Planner.Plan(view, new AutoSolver(), Given.AmpleTime, TestContext.Current.CancellationToken);
            later += plan.LeaveAt is null ? 0 : 1;
            restarts += plan.Later.Concat(plan.Then.SelectMany(part => part.Steps)).Any(step => step.IsRestart) ? 1 : 0;
            twice += plan.Then.IsEmpty ? 0 : 1;
            if (!view.Application.Quiet.IsEmpty && !new FutureOracle(view).HasAny())
            {
                // No sequence keeps the quiet hours: none has to.
                view = view with { Application = view.Application with { Quiet = [] } };
            }

            quiet += view.Application.Quiet.IsEmpty || plan.LeaveAt is null ? 0 : 1;
            var best = new FutureOracle(view).Best(plan.After is { } after ? ObjectiveValue.Of(plan.Objective, after).Primary : null);
            (plan.Status == PlanStatus.Optimal ? faults : unproven).AddRange(best is null ? [] : [FormattableString.Invariant($"{number}: {plan.Decision}, {plan.Status}, {plan.After?.Cost} in {plan.After?.TimeSeconds}, best {best}")]);
            if (plan.After is null)
            {
                never++;
                faults.AddRange(plan.Status == PlanStatus.Infeasible ? [] : [$"{number}: {plan.Decision}, {plan.Status}"]);
                continue;
            }

            unproven.AddRange(plan.Status == PlanStatus.Optimal ? [] : [$"{number}: {plan.Status}"]);
            faults.AddRange(new PlanChecker(view, plan).Faults().Select(fault => $"{number}: {fault}"));
        }

        output.WriteLine($"{later} of {Count} move later, {twice} more than once, {never} never can");
        output.WriteLine($"Without a proof: {string.Join("; ", unproven)}");
        faults.ShouldBeEmpty();
        unproven.Count.ShouldBeLessThan(1 + (Count / 100));
        later.ShouldBeGreaterThan(Count / 10);
        twice.ShouldBeGreaterThan(0);
        never.ShouldBeGreaterThan(0);
        quiet.ShouldBeGreaterThan(0);
        restarts.ShouldBeGreaterThan(0);
    }
}
