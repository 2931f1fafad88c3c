using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Another offer of the same site: taken where it is worth a restart and the application allows one, and only then.</summary>
public sealed class RestartTests
{
    private static readonly Restarts Allowed = new(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(60));
    private static readonly Location Half = new(new("a"), "half");

    [Fact]
    public void A_restart_stands_in_the_plan_with_its_offers_its_downtime_its_bill_and_what_it_saves()
    {
        var plan = PlanOf(TwoOffers(Allowed));
        var step = plan.Steps.ShouldHaveSingleItem();
        (step.From, step.To, step.IsRestart, step.Estimate.IsCold, step.Terms!.IsLive).ShouldBe((Samples.At("a"), Half, true, true, false));
        (step.Estimate.Bytes, step.Estimate.DurationSeconds, step.Estimate.DowntimeSeconds, step.Estimate.LostSeconds).ShouldBe((0, 60, 60, 120));
        // The old place is kept for a minute.
        step.Bill.ShouldBe(new MoveBill(0, 1.0 / 60));
        plan.After!.Value.DowntimeSeconds.ShouldBe(180);
        plan.After.Value.Hosting.ShouldBe(0.5 * 3780 / 3600, 1e-9);
        PlanReasonText.Of(plan.Why.OfType<PlanReason.RestartsInPlace>().ShouldHaveSingleItem()).ShouldBe(
            "vm1 restarts at a: std -> half, 60 s and 120 s of run time lost, saves 0.5 an hour");
    }

    [Fact]
    public void Without_leave_of_the_application_a_VM_keeps_its_offer()
    {
        var plan = PlanOf(TwoOffers(null));
        plan.Decision.ShouldBe(PlanDecision.Stay);
        SeatRules.Check(new(TwoOffers(null)), 0, Seat(TwoOffers(null), Half)).Refusal!.Code.ShouldBe(RefusalCode.OfferKept);
    }

    [Theory]
    [InlineData(0.1, PlanDecision.Migrate)]
    [InlineData(2, PlanDecision.Stay)]
    public void A_restart_that_loses_more_than_it_saves_is_not_made(double lostHours, PlanDecision expected) =>
        PlanOf(TwoOffers(Allowed with { LostWork = TimeSpan.FromHours(lostHours) })).Decision.ShouldBe(expected);

    [Fact]
    public void A_gain_below_the_margin_is_no_reason_to_restart() =>
        PlanOf(TwoOffers(Allowed).With(application => application with { Margin = 0.6 })).Decision.ShouldBe(PlanDecision.Stay);

    [Fact]
    public void Nobody_restarts_in_quiet_hours_while_it_cools_down_or_on_an_offer_that_is_too_small()
    {
        var quiet = TwoOffers(Allowed).With(application => application with { Quiet = [new([], new(11, 0), new(18, 0), TimeZoneInfo.Utc)] });
        PlanOf(quiet).Steps.ShouldBeEmpty();
        var cooling = TwoOffers(Allowed);
        cooling = cooling with { CoolingDown = cooling.CoolingDown.Add(new("vm1"), Samples.Now.AddMinutes(5)) };
        PlanOf(cooling).Steps.ShouldBeEmpty();
        PlanOf(TwoOffers(Allowed).WithVm("vm1", vm => vm with { Vcpus = 4 })).Steps.ShouldBeEmpty();
    }

    [Fact]
    public void The_windows_and_the_limits_of_a_site_are_for_who_comes_and_goes_and_not_for_restarts()
    {
        var closed = new ArrivalWindow([], new(1, 0), new(2, 0), TimeZoneInfo.Utc);
        var view = TwoOffers(Allowed).WithPolicy("a", policy => policy with { Arrivals = [closed], Departures = [closed], MigrationsIn = 0, MigrationsOut = 0 });
        PlanOf(view).Steps.ShouldHaveSingleItem().To.ShouldBe(Half);
    }

    [Fact]
    public void Room_is_needed_for_both_offers_until_a_VM_has_restarted()
    {
        var quota = new Quota("astro", 5, null, null, null);
        PlanOf(TwoOffers(Allowed).WithSite("a", site => site with { Quotas = [quota] })).Steps.ShouldBeEmpty();
        PlanOf(TwoOffers(Allowed).WithSite("a", site => site with { Quotas = [quota with { Vcpus = 6 }] })).Steps.ShouldHaveSingleItem();
    }

    [Fact]
    public void Where_a_site_has_hosts_a_VM_restarts_on_another_one_and_its_disks_are_copied_there()
    {
        var view = TwoOffers(Allowed).WithVm("vm1", vm => vm with { Guest = new() { Disks = [new("root", null, 5_000_000_000, 1_000_000_000, 0)] } });
        PlacementView Hosts(int ready) => view.WithSite("a", site => site with { HasHosts = true, ReadyHosts = ready });
        // The disk at 1 GB/s, and the boot.
        PlanOf(Hosts(2)).Steps.ShouldHaveSingleItem().Estimate.DurationSeconds.ShouldBe(61, 1e-9);
        SeatRules.Check(new(Hosts(1)), 0, Seat(Hosts(1), Half)).Refusal!.Code.ShouldBe(RefusalCode.RestartNeedsHost);
    }

    [Fact]
    public void Those_that_stay_while_another_is_placed_keep_their_offers_unless_a_restart_pays_by_itself()
    {
        var view = TwoOffers(Allowed).With(application => application with { Vms = [.. application.Vms, Samples.Vm("vm2")] });
        var plan = PlanOf(view.With(application => application with { Margin = 0.9 }));
        plan.Steps.ShouldBeEmpty();
        plan.Placement.Select(vm => vm.Location.Offer).ShouldBe(["std", "half"]);
    }

    [Fact]
    public void Who_wants_a_move_of_one_VM_gets_no_restart_of_another()
    {
        var view = Samples.View([TwoOffers(Allowed).Sites[0], Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"))
            .With(application => application with { Restarts = Allowed });
        var plan = PlanOf(view with { Wanted = new(new("vm2"), new("b")) });
        plan.Steps.ShouldHaveSingleItem().Vm.Value.ShouldBe("vm2");
    }

    [Fact]
    public void A_VM_restarts_later_once_the_other_offer_is_to_get_cheap()
    {
        var view = TwoOffers(Allowed).WithSite("a", site => site with
        {
            Offers = [site.Offers[0], site.Offers[1] with { Price = new([new(DateTimeOffset.MinValue, 2), new(Samples.Now.AddMinutes(20), 0.1m)]) }],
        });
        var plan = Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
        plan.Steps.ShouldBeEmpty();
        plan.LeaveAt.ShouldBe(Samples.Now.AddMinutes(20));
        plan.Later.ShouldHaveSingleItem().To.ShouldBe(Half);
    }

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);

    private static Seat Seat(PlacementView view, Location at) => new PlacementProblem(view).Seats.Single(seat => seat.Location == at);

    // A VM at a site that sells half as much for half the price as well, as much as it needs.
    private static PlacementView TwoOffers(Restarts? restarts) =>
        Samples.View([Samples.Site("a", Samples.Std, Samples.Std with { Name = "half", Vcpus = 2, MemoryBytes = 4 * Samples.GiB, Price = PriceSchedule.Always(0.5m) })], Samples.Vm("vm1", "a"))
            .With(application => application with { Restarts = restarts });
}
