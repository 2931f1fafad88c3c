using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

public sealed class AffinityTests
{
    private static readonly VmId[] All = [new("vm1"), new("vm2"), new("vm3")];

    [Theory]
    [InlineData("a", "a", "b", true)]
    [InlineData("b", "b", "b", true)]
    [InlineData("a", "b", "b", false)]
    public void VMs_that_belong_together_are_at_one_site(string vm1, string vm2, string vm3, bool holds) =>
        Check(app => app with { Together = [[All[0], All[1]]] }, vm1, vm2, vm3).IsFeasible.ShouldBe(holds);

    [Theory]
    [InlineData(2, "a", "a", "b", true)]
    [InlineData(2, "a", "a", "a", false)]
    [InlineData(3, "a", "b", "c", true)]
    [InlineData(3, "a", "b", "b", false)]
    public void VMs_to_be_spread_are_at_so_many_sites(int sites, string vm1, string vm2, string vm3, bool holds) =>
        Check(app => app with { Apart = [new([.. All], sites)] }, vm1, vm2, vm3).IsFeasible.ShouldBe(holds);

    [Fact]
    public void A_broken_rule_names_the_VMs_and_where_they_are()
    {
        Check(app => app with { Together = [[All[2], All[0]]] }, "a", "a", "c").Refusal!.ToString()
            .ShouldBe("affinity: vm1, vm3 have to be at one site, they are at a, c");
        Check(app => app with { Apart = [new([.. All], 3)] }, "a", "c", "c").Refusal!.ToString()
            .ShouldBe("affinity: vm1, vm2, vm3 have to be spread over 3 sites at least, they are at a, c");
    }

    [Fact]
    public void VMs_that_break_a_rule_where_they_are_move()
    {
        var view = Placed("a", "b", "b").With(app => app with { Together = [[All[0], All[1]]] });
        var plan = Planner.Plan(view, new Plans.EverySeatSolver(), new(), TestContext.Current.CancellationToken);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        PlanReasonText.Of(plan.Why[0]).ShouldStartWith("staying is not possible: affinity:");
        plan.Placement[0].Location.Site.ShouldBe(plan.Placement[1].Location.Site);
    }

    [Fact]
    public void A_rule_about_an_unknown_VM_is_an_argument_at_fault() =>
        Should.Throw<ArgumentException>(() => new PlacementProblem(Placed("a", "a", "a").With(app => app with { Together = [[All[0], new("vm9")]] })));

    private static Verdict Check(Func<Application, Application> change, params string[] sites)
    {
        var problem = new PlacementProblem(Placed("a", "a", "a").With(change));
        var seats = problem.Seats([.. sites.Select(Samples.At)]);
        return PlacementRules.Check(problem, seats, PlacementEstimator.Estimate(problem, seats));
    }

    private static PlacementView Placed(params string[] sites) => Samples.View(
        [Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], [.. sites.Select((site, i) => Samples.Vm($"vm{i + 1}", site))]);
}
