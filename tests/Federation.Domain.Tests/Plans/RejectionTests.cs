using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class RejectionTests
{
    [Fact]
    public void A_site_that_could_hold_a_VM_is_not_rejected() =>
        RejectionsOf(View()).ShouldBeEmpty();

    [Fact]
    public void A_site_that_no_VM_could_be_at_is_listed_with_the_first_constraint_that_stopped_it()
    {
        // b breaks two rules: who may come is asked before what fits.
        var rejected = RejectionsOf(View()
            .WithPolicy("b", policy => policy with { Tenants = ["bio"] })
            .WithOffer("b", offer => offer with { Vcpus = 1 })
            .WithOffer("c", offer => offer with { Vcpus = 1 }));
        rejected.Select(rejection => rejection.Site.Value).ShouldBe(["b", "c"]);
        rejected[0].Refusal.Code.ShouldBe(RefusalCode.PolicyTenant);
        rejected[1].Refusal.Code.ShouldBe(RefusalCode.NeedsVcpus);
    }

    [Fact]
    public void A_site_that_stops_only_some_VMs_is_rejected_only_where_there_is_no_placement()
    {
        var view = View().WithVm("vm1", vm => vm with { Sites = [new("a")] });
        RejectionsOf(view).ShouldBeEmpty();
        var infeasible = RejectionsOf(view.With(app => app with { Budget = 0 }));
        infeasible.Select(rejection => rejection.Site.Value).ShouldBe(["a", "b", "c"]);
        infeasible[0].Refusal.Code.ShouldBe(RefusalCode.Budget);
        infeasible[1].Refusal.Code.ShouldBe(RefusalCode.AllowedSites);
        RefusalText.Of(infeasible[1].Refusal).ShouldEndWith("(so for 1 of 2 VMs)");
    }

    [Fact]
    public void A_site_that_is_too_small_for_all_VMs_together_says_so()
    {
        var view = View().With(app => app with { Deadline = TimeSpan.FromSeconds(1) })
            .WithOffer("b", offer => offer with { Available = 1 });
        var rejected = RejectionsOf(view).Single(rejection => rejection.Site.Value == "b");
        rejected.Refusal.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        RefusalText.Of(rejected.Refusal).ShouldEndWith("(with all 2 VMs there)");
    }

    private static PlacementView View() =>
        Samples.View([Samples.Site("c"), Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1"), Samples.Vm("vm2"));

    private static ImmutableArray<SiteRejection> RejectionsOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken).Rejected;
}
