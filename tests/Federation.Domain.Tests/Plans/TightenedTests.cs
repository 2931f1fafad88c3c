using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>A site whose description has been tightened below what is in use: planning goes on, and nobody is evicted by a limit.</summary>
public sealed class TightenedTests
{
    public static TheoryData<Site> Tightened { get; } = new(
        Samples.Site("a") with { Quotas = [new("astro", 4, null, 1, null)] },
        Samples.Site("a") with { Capacity = new(null, null, 1) },
        Samples.Site("a", Samples.Std with { Available = 1 }));

    [Theory]
    [MemberData(nameof(Tightened))]
    public void A_limit_below_what_is_there_evicts_nobody_and_lets_nobody_come(Site site)
    {
        Planned(Samples.View([site, Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(3) })], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a")))
            .Decision.ShouldBe(PlanDecision.Stay);
        var comes = Planned(Samples.View([site, Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(3) })],
            Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3")));
        comes.Placement.Single(vm => vm.Vm.Value == "vm3").Location.ShouldBe(Samples.At("b"));
    }

    [Fact]
    public void What_others_of_all_tenants_have_of_a_capacity_is_left_to_them()
    {
        var view = Samples.View([Samples.Site("a") with { Capacity = new(null, null, 4) }, Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(3) })],
            Samples.Vm("vm1"), Samples.Vm("vm2"));
        Planned(view).Placement.ShouldAllBe(vm => vm.Location == Samples.At("a"));
        view = view with { UsedByAllOthers = view.UsedByAllOthers.Add(new("a"), new(12, 24 * Samples.GiB, 3, 0)) };
        Planned(view).Placement.Count(vm => vm.Location == Samples.At("a")).ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_offer_that_is_taken_out_under_its_VMs_makes_a_plan_that_says_so(bool isKnown)
    {
        var site = Samples.Site("a", Samples.Std with { Name = "new" }) with { Withdrawn = isKnown ? [Samples.Std] : [] };
        var plan = Planned(Samples.View([site, Samples.Site("b")], Samples.Vm("vm1", "a")));
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        PlanReasonText.Of(plan.Why[0]).ShouldBe("staying is not possible: offer: a sells no std any more");
        plan.Placement.ShouldHaveSingleItem().Location.ShouldBe(Samples.At("b"));
    }

    private static Plan Planned(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
