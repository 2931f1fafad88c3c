using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class PlanRelianceTests
{
    private static readonly PlanId Id = new(new(new("astro"), "cg", 1), 3);

    // Half the price at b; nobody goes to c.
    private static readonly PlacementView View = Samples.View(
        [Samples.Site("a"), Samples.Site("b", Samples.Std with { Price = PriceSchedule.Always(0.5m) }), Samples.Site("c")],
        Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"));

    [Fact]
    public void What_a_plan_does_not_touch_may_change_as_it_likes()
    {
        Check(View).ShouldBeNull();
        Check(View.WithOffer("c", offer => offer with { Price = PriceSchedule.Always(1.01m) })).ShouldBeNull();
        Check(View.WithSite("c", site => site with { Policy = new() { Tenants = ["nobody"] } })).ShouldBeNull();
        Check(View with { Offline = [new("c")] }).ShouldBeNull();
        Check(View with { Now = View.Now.AddMinutes(1) }).ShouldBeNull();
    }

    [Fact]
    public void A_price_at_a_site_it_goes_to_may_change_as_long_as_its_gain_beats_the_margin()
    {
        Check(View.WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.51m) })).ShouldBeNull();
        var gone = Check(View.WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.99m) }))!;
        gone.Code.ShouldBe(RefusalCode.PlanGainGone);
        gone.Arguments.Needed!.Value.ShouldBeGreaterThan(gone.Arguments.Limit!.Value);
    }

    [Fact]
    public void A_site_that_takes_or_gives_no_VM_now_is_named()
    {
        // Open on another day of the week.
        ImmutableArray<ArrivalWindow> never = [new([DayOfWeek.Sunday], new(1, 0), new(2, 0), TimeZoneInfo.Utc)];
        Refuses(View.WithSite("b", site => site with { Policy = new() { Arrivals = never } }), "b", RefusalCode.ArrivalWindowClosed);
        Refuses(View.WithSite("a", site => site with { Policy = new() { Departures = never } }), "a", RefusalCode.DepartureWindowClosed);
        Refuses(View with { Offline = [new("b")] }, "b", RefusalCode.OfflineArrival);
        Refuses(View.WithOffer("b", offer => offer with { Name = "other" }), "b", RefusalCode.OfferUnknown);
    }

    [Fact]
    public void The_application_has_to_be_as_it_was()
    {
        Check(null)!.Code.ShouldBe(RefusalCode.ApplicationDeleted);
        Check(View with { Revision = 2 })!.Code.ShouldBe(RefusalCode.PlanApplicationChanged);
        Check(View.WithVm("vm2", vm => vm with { At = Samples.At("c") }))!.Arguments.Vm.ShouldBe(new VmId("vm2"));
        Check(View.With(application => application with { Id = application.Id with { Incarnation = 2 } }))!.Code.ShouldBe(RefusalCode.ApplicationDeleted);
    }

    [Fact]
    public void A_plan_that_has_to_move_need_not_gain_anything()
    {
        var closed = View.WithSite("a", site => site with { Policy = new() { Tenants = ["bio"] } })
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(9) });
        Check(closed).ShouldBeNull();
    }

    private static Refusal? Check(PlacementView? now) => PlanReliance.Check(Id, PlanOf(View), 0, departs: false, now).Refusal;

    private static void Refuses(PlacementView now, string site, RefusalCode code)
    {
        var refusal = Check(now)!;
        refusal.Code.ShouldBe(RefusalCode.PlanSiteRefuses);
        refusal.Arguments.Site.ShouldBe(new SiteId(site));
        refusal.Root.Code.ShouldBe(code);
    }

    private static Plan PlanOf(PlacementView view)
    {
        var plan = Planner.Plan(view, new EverySeatSolver(), new SolverOptions(), TestContext.Current.CancellationToken);
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.Steps.Length.ShouldBe(2);
        return plan;
    }
}
