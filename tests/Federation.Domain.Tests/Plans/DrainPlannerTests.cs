using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class DrainPlannerTests
{
    private static readonly VmId Vm1 = new("vm1");
    private static readonly VmId Vm2 = new("vm2");
    private static readonly VmId Vm3 = new("vm3");

    [Fact]
    public void VMs_that_another_host_can_take_stay_at_their_site_one_after_another()
    {
        var plan = Plan(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "b")), [Vm1, Vm2]);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.Select(step => (step.Vm, step.IsWithinSite)).ShouldBe([(Vm1, true), (Vm2, true)]);
        plan.Steps[1].StartSeconds.ShouldBe(plan.Steps[0].EndSeconds, "one over the site's network at a time");
        plan.Steps.ShouldAllBe(step => step.Bill.Sum == 0);
        plan.Placement.Select(vm => vm.Location).ShouldBe([Samples.At("a"), Samples.At("a"), Samples.At("b")]);
        PlanAtSites.Of(plan, ImmutableHashSet<VmId>.Empty).ShouldBeEmpty("nothing arrives anywhere, and nothing departs");
    }

    [Fact]
    public void VMs_that_no_host_of_the_site_can_take_go_to_another_site_and_all_others_stay()
    {
        var plan = Plan(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a")), [Vm1]);
        plan.Steps.Select(step => (step.Vm, step.To.Site.Value)).ShouldBe([(Vm2, "b"), (Vm1, "a")]);
        plan.Placement.Single(vm => vm.Vm == Vm3).Location.ShouldBe(Samples.At("a"), "it is on another host");
        plan.Steps[1].StartSeconds.ShouldBe(plan.Steps[0].EndSeconds);
        PlanReasonText.Of(plan.Why[0]).ShouldBe(
            "host a/h1 is to be emptied: vm1 to other hosts of a, which picks them when the step begins; vm2 to other sites, for no other host of a can take them");
    }

    [Fact]
    public void A_VM_that_may_be_nowhere_else_stays_with_its_reason_and_the_others_leave_all_the_same()
    {
        var bound = Samples.Vm("vm2", "a") with { Sites = [new("a")] };
        var plan = Plan(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), bound), [Vm1]);
        plan.Steps.Select(step => step.Vm).ShouldBe([Vm1]);
        plan.Why.OfType<PlanReason.CannotLeave>().ShouldHaveSingleItem().Vms.Names.ShouldBe(["vm2"]);
        Plan(Samples.View([Samples.Site("a")], bound), []).Decision.ShouldBe(PlanDecision.Infeasible);
    }

    [Fact]
    public void What_has_to_be_at_one_site_with_a_VM_that_goes_goes_along()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"));
        var plan = Plan(view with { Application = view.Application with { Together = [[Vm2, Vm3]] } }, []);
        plan.Steps.Select(step => step.Vm).ShouldBe([Vm2, Vm3], ignoreOrder: true);
    }

    [Fact]
    public void A_VM_that_rewrites_its_memory_too_fast_for_the_site_s_network_is_told()
    {
        var plan = Plan(Samples.View([Samples.Site("a")], Samples.Vm("vm1", "a") with { DirtyBytesPerSecond = 2e9 }), [Vm1]);
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        plan.Why.OfType<PlanReason.StaysOnHost>().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_drain_holds_as_long_as_its_VMs_are_where_they_were_and_need_not_gain_anything()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"));
        var plan = Plan(view, [Vm1]);
        PlanReliance.Check(PlanId.Parse("astro/cg.1.1"), plan, view.Revision, departs: true, view).Refusal.ShouldBeNull();
        var moved = view with { Application = view.Application with { Vms = view.Application.Vms.SetItem(0, Samples.Vm("vm1", "b")) } };
        PlanReliance.Check(PlanId.Parse("astro/cg.1.1"), plan, view.Revision, departs: true, moved).IsFeasible.ShouldBeFalse();
    }

    [Fact]
    public void VMs_that_were_lost_are_placed_anew_unasked_where_restarts_are_allowed_and_those_that_never_ran_are_not()
    {
        var view = Samples.View([Samples.Site("a")], Samples.Vm("vm1"), Samples.Vm("vm2", "a"));
        var allowed = view with { Application = view.Application with { Restart = true } };
        var lost = DecisionLoop.WithLost(new(), [Vm1]);
        Decision On(DecisionState state, PlacementView seen) => DecisionLoop.Decide(new(), state, seen, DecisionTrigger.VmsLost, Made);

        On(lost, allowed).Orders.ShouldHaveSingleItem().Applies.ShouldBeTrue();
        On(lost, view).Plan.ShouldBeNull("its owner decides");
        On(new(), allowed).Plan.ShouldBeNull("it never ran");
        var plan = On(lost, allowed).Plan!;
        DecisionLoop.Ended(lost, PlanId.Parse("astro/cg.1.1"), plan, PlanState.Applied, [], Samples.Now).Lost.ShouldBeEmpty();
        DecisionLoop.Ended(lost, PlanId.Parse("astro/cg.1.1"), plan, PlanState.Failed, [], Samples.Now).Lost.ShouldBe([Vm1]);
        DecisionLoop.Without(lost, Vm1).Lost.ShouldBeEmpty();
        DecisionLoop.WithLost(lost, [Vm1]).ShouldBeSameAs(lost);
    }

    private static Plan Plan(PlacementView view, ImmutableArray<VmId> within) => Made(view with
    {
        Drain = new(new("a"), "h1", [Vm1, Vm2]) { Within = within },
    });

    private static Plan Made(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), CancellationToken.None);
}
