using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>VMs that are nowhere come to an application whose other VMs run.</summary>
public sealed class ArrivalTests
{
    [Fact]
    public void One_VM_without_a_place_moves_no_other_one_whose_move_does_not_pay()
    {
        var plan = PlanOf(Priced(10m, 9.9m));
        plan.Decision.ShouldBe(PlanDecision.Place);
        plan.Steps.ShouldBeEmpty();
        plan.Placement.Select(vm => $"{vm.Location.Site}").ShouldBe(["a", "a", "a", "a", "b"]);
        plan.IsForced.ShouldBeFalse();
        plan.Why.Select(reason => reason.GetType().Name).Take(2).ShouldBe([nameof(PlanReason.FirstPlacement), nameof(PlanReason.Gain)], "it says why the others stay");
    }

    [Fact]
    public void Others_move_with_it_where_that_pays_by_itself()
    {
        var plan = PlanOf(Priced(10m, 2m));
        plan.Decision.ShouldBe(PlanDecision.Place);
        plan.Steps.Length.ShouldBe(4);
        plan.Placement.ShouldAllBe(vm => vm.Location.Site == new SiteId("b"));
    }

    [Fact]
    public void Others_make_room_where_it_has_no_place_else_and_the_plan_says_so()
    {
        var view = Priced(10m, 9.9m).With(app => app with { Vms = [.. app.Vms.Select(vm => vm.At is null ? vm with { Sites = [new("a")] } : vm)] })
            .WithSite("a", site => site with { Capacity = new(null, null, 4) });
        var plan = PlanOf(view);
        plan.Placement[^1].Location.Site.ShouldBe(new SiteId("a"));
        plan.Steps.ShouldHaveSingleItem();
        plan.IsForced.ShouldBeTrue();
        plan.Why.OfType<PlanReason.MakesRoom>().ShouldHaveSingleItem().Vms.Names.ShouldBe(["vm5"]);
    }

    [Fact]
    public void Unasked_it_comes_at_once_and_the_others_stay_until_their_gain_has_persisted()
    {
        var view = Priced(10m, 2m).With(app => app with { Restart = true });
        var lost = DecisionLoop.WithLost(new(), [new("vm5")]);
        var decision = DecisionLoop.Decide(new() { PersistenceWindows = 2, AppliesPlans = true }, lost, view, DecisionTrigger.VmsLost, PlanOf);
        var order = decision.Orders.ShouldHaveSingleItem();
        order.Applies.ShouldBeTrue();
        order.Plan.Steps.ShouldBeEmpty();
        order.Plan.Placement[^1].Location.Site.ShouldBe(new SiteId("b"));
    }

    [Fact]
    public void Running_VMs_move_only_if_the_gain_over_the_best_in_which_they_stay_passes_the_margin_or_there_is_none() =>
        Worlds.Small.Where(world => world.View.Application.Vms.Length > 1 && world.View.Application.Vms.All(vm => vm.At is not null)).Sample(
            world =>
            {
                var view = world.View.With(app => app with { Vms = app.Vms.SetItem(0, app.Vms[0] with { At = null }) });
                var problem = new PlacementProblem(view);
                if (problem.Sites.Any(site => PlacementRules.SecondsAvailable(problem, site) is > 0 and < double.PositiveInfinity))
                {
                    // What has to be left before the end has courses of its own.
                    return;
                }

                if (Enumerable.Range(1, problem.VmCount - 1).Any(vm => !problem.Candidates[vm].Contains(problem.CurrentSeats[vm])))
                {
                    // Who cannot stay is tried apart: UnsettledTests.
                    return;
                }

                var rest = Best(problem, assignment => assignment.Zip(problem.CurrentSeats).Skip(1).All(pair => pair.First == pair.Second));
                var plan = PlanOf(view);
                var moved = plan.Decision == PlanDecision.Place && plan.Placement.Zip(view.Application.Vms).Skip(1).Any(pair => pair.First.Location != pair.Second.At);
                if (rest is null)
                {
                    plan.Why.Any(reason => reason is PlanReason.MakesRoom).ShouldBe(plan.Decision == PlanDecision.Place);
                    plan.Why.Any(reason => reason is PlanReason.Gain { IsEnough: true }).ShouldBe(plan.Decision == PlanDecision.Place && CouldTakeBackOne(problem, plan), "no more moves than make room, unless the others pay");
                }
                else if (moved)
                {
                    var margin = Math.Max(view.Application.Margin, view.Application.PredictionError);
                    var after = ObjectiveValue.Of(plan.Objective, plan.After!.Value);
                    after.IsBetterThan(rest.Value).ShouldBeTrue();
                    (rest.Value.Primary - after.Primary).ShouldBeGreaterThanOrEqualTo(margin * rest.Value.Primary - 1e-9);
                }
                else
                {
                    rest.Value.IsBetterThan(ObjectiveValue.Of(plan.Objective, plan.After!.Value)).ShouldBeFalse("the new one goes where it is best");
                }
            },
            iter: 500);

    private static bool CouldTakeBackOne(PlacementProblem problem, Plan plan)
    {
        int[] planned = [.. plan.Placement.Select(vm => problem.Seats.Select((seat, i) => (seat, i)).Single(entry => entry.seat.Location == vm.Location).i)];
        return Enumerable.Range(0, problem.VmCount).Where(vm => problem.CurrentSeats[vm] is not PlacementProblem.Nowhere and var now && now != planned[vm])
            .Any(vm => Evaluated.Of(problem, [.. planned.Select((seat, i) => i == vm ? problem.CurrentSeats[i] : seat)]).Verdict.IsFeasible);
    }

    private static Evaluated? Best(PlacementProblem problem, Func<int[], bool> isMeant)
    {
        Evaluated? best = null;
        foreach (var candidate in EverySeatSolver.Assignments(problem).Where(isMeant).Select(assignment => Evaluated.Of(problem, assignment)))
        {
            best = candidate.Verdict.IsFeasible && (best is null || candidate.Value.IsBetterThan(best.Value)) ? candidate : best;
        }

        return best;
    }

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new() { LooksAhead = false }, TestContext.Current.CancellationToken);

    // Four run at a, a fifth is nowhere; ten hours are left.
    private static PlacementView Priced(decimal a, decimal b) =>
        Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"), Samples.Vm("vm4", "a"), Samples.Vm("vm5", null))
            .With(app => app with { Remaining = TimeSpan.FromHours(10), Margin = 0.05 })
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(a) })
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(b) });
}
