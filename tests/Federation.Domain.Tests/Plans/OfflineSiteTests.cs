using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class OfflineSiteTests
{
    [Fact]
    public void No_VM_comes_to_a_site_that_is_offline_and_the_plan_says_why()
    {
        var view = View(Samples.Vm("vm1", "a")) with { Offline = [new("b")] };
        var plan = PlanOf(view);
        plan.Decision.ShouldBe(PlanDecision.Stay);
        plan.Rejected.ShouldHaveSingleItem().Site.Value.ShouldBe("b");
        plan.Rejected[0].Refusal.Code.ShouldBe(RefusalCode.OfflineArrival);
        PlanOf(view with { Offline = [] }).Decision.ShouldBe(PlanDecision.Migrate);
    }

    [Fact]
    public void A_VM_at_a_site_that_is_offline_stays_there_however_dear()
    {
        var view = View(Samples.Vm("vm1", "a"), Samples.Vm("vm2")) with { Offline = [new("a")] };
        var plan = PlanOf(view);
        plan.Placement.Select(vm => vm.Location.Site.Value).ShouldBe(["a", "b"]);
        plan.Steps.ShouldBeEmpty();
    }

    // Half the price at b.
    private static PlacementView View(params Domain.Applications.VmSpec[] vms) =>
        Samples.View([Samples.Site("a", Samples.Std), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(0.4m) })], vms);

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new SolverOptions(), TestContext.Current.CancellationToken);
}
