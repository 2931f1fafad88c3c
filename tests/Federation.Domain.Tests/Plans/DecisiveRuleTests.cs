using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Where no placement holds all constraints, the first reason is the rule that forbids it, and not what happens to stop a site.</summary>
public sealed class DecisiveRuleTests
{
    [Fact]
    public void Two_full_sites_whose_VMs_have_to_change_places_lack_an_order_of_moves()
    {
        var plan = PlanOf(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "b"))
            .WithOffer("a", Single).WithOffer("b", Single)
            .WithVm("vm1", vm => vm with { Sites = [new("b")] }).WithVm("vm2", vm => vm with { Sites = [new("a")] }));
        plan.Decision.ShouldBe(PlanDecision.Infeasible);
        RuleOf(plan).ShouldBe(Refusal.CapacityNoOrderOf(plan.Placement.IsEmpty ? [new("vm1"), new("vm2")] : []));
        plan.Rejected.ShouldNotContain(rejection => rejection.Refusal.Code == RefusalCode.AllowedSites);
    }

    [Fact]
    public void More_VMs_apart_than_sites_that_take_them_are_told_with_the_number_of_sites()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], Samples.Vm("vm1"), Samples.Vm("vm2"), Samples.Vm("vm3"))
            .WithPolicy("c", policy => policy with { Tenants = ["bio"] })
            .With(application => application with { Apart = [new([new("vm1"), new("vm2"), new("vm3")], 3)] });
        RuleOf(PlanOf(view)).ShouldBe(Refusal.AffinityTooFewSites([new("vm1"), new("vm2"), new("vm3")], 2, 3, [new("a"), new("b")]));
    }

    [Fact]
    public void VMs_that_have_to_be_together_and_find_no_common_site_are_told()
    {
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithVm("vm1", vm => vm with { Sites = [new("a")] }).WithVm("vm2", vm => vm with { Sites = [new("b")] })
            .With(application => application with { Together = [[new("vm1"), new("vm2")]] });
        RuleOf(PlanOf(view)).Code.ShouldBe(RefusalCode.AffinityNoCommonSite);
    }

    [Fact]
    public void Rules_that_forbid_everything_only_with_each_other_are_told_by_the_one_without_which_there_is_a_placement()
    {
        // One VM a site, and both have to be at one.
        var view = Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"))
            .WithOffer("a", Single).WithOffer("b", Single)
            .With(application => application with { Together = [[new("vm1"), new("vm2")]] });
        RuleOf(PlanOf(view)).Code.ShouldBe(RefusalCode.AffinityTogether);
    }

    [Theory]
    [InlineData(0.5, null, RefusalCode.Budget)]
    [InlineData(null, 30, RefusalCode.Deadline)]
    public void A_limit_that_nothing_keeps_is_told_with_what_would_be_needed(double? budget, int? minutes, RefusalCode code)
    {
        var rule = RuleOf(PlanOf(Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1")).With(application => application with
        {
            Budget = (decimal?)budget, Deadline = minutes is { } limit ? TimeSpan.FromMinutes(limit) : null,
        })));
        (rule.Code, rule.Arguments.Needed).ShouldBe((code, code == RefusalCode.Budget ? 1 : 3600));
    }

    private static Offer Single(Offer offer) => offer with { Available = 1 };

    private static Refusal RuleOf(Plan plan) => plan.Why[0].ShouldBeOfType<PlanReason.OneRuleForbids>().Refusal;

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
