using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>A plan from no traffic, or old traffic, says so; whatever it decides.</summary>
public sealed class TrafficRemarksTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("a")]
    public void A_plan_from_no_traffic_says_so(string? at) =>
        RemarksOf(View(at) with { TrafficKnown = TrafficKnown.Nothing }).ShouldBe([new PlanReason.NoTraffic()]);

    [Fact]
    public void A_plan_from_old_traffic_says_how_old_it_is()
    {
        RemarksOf(View("a") with { TrafficKnown = new(Samples.Now - TrafficKnown.Old, []) }).ShouldBeEmpty();
        RemarksOf(View("a") with { TrafficKnown = new(Samples.Now.AddHours(-3), []) }).ShouldBe([new PlanReason.OldTraffic(Samples.Now.AddHours(-3), 10_800)]);
        // A clock that was set back: nothing is old.
        RemarksOf(View("a") with { TrafficKnown = new(Samples.Now.AddHours(3), []) }).ShouldBeEmpty();
    }

    [Fact]
    public void VMs_of_which_nothing_is_known_are_named()
    {
        var remarks = RemarksOf(View("a") with { TrafficKnown = new(Samples.Now, [new("vm1")]) });
        remarks.ShouldHaveSingleItem().ShouldBeOfType<PlanReason.UnknownTraffic>().Vms.Names.ShouldBe(["vm1"]);
    }

    [Fact]
    public void What_was_given_as_going_on_needs_no_remark() => RemarksOf(View("a")).ShouldBeEmpty();

    private static PlacementView View(string? at) => Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", at));

    private static List<PlanReason> RemarksOf(PlacementView view) =>
        [.. Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken).Why
            .Where(reason => reason is PlanReason.NoTraffic or PlanReason.OldTraffic or PlanReason.UnknownTraffic)];
}
