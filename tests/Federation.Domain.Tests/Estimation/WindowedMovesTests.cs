using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Estimation;

/// <summary>Windows are looked at at the instant at which each step begins, not at the one at which the plan is made.</summary>
public sealed class WindowedMovesTests
{
    // A VM takes some 46 s over a link of 100 MB/s, one after another.
    [Theory]
    [InlineData(60, false)]
    [InlineData(600, true)]
    public void A_move_whose_step_would_begin_after_the_departure_window_has_closed_is_not_made_like_that(int seconds, bool moves)
    {
        var view = Three().WithPolicy("a", policy => policy with { Departures = [Until(seconds)] });
        var problem = new PlacementProblem(view);
        var all = Enumerable.Repeat(problem.Seats.Single(seat => seat.Site.Id.Value == "b").Index, 3).ToArray();
        WindowedMoves.Find(problem, all).HasValue.ShouldBe(moves);
        Evaluated.Of(problem, all).Verdict.Refusal?.Code.ShouldBe(RefusalCode.DepartureWindowClosed);
        var plan = PlanOf(view);
        plan.Steps.Length.ShouldBe(moves ? 3 : 2, "as many as begin in time");
        plan.Steps.ShouldAllBe(step => view.Sites[0].Policy.AcceptsDepartureAt(view.Now.AddSeconds(step.StartSeconds)));
    }

    [Fact]
    public void The_same_holds_where_VMs_arrive()
    {
        var view = Three().WithPolicy("b", policy => policy with { Arrivals = [Until(60)] });
        var plan = PlanOf(view);
        plan.Steps.Length.ShouldBe(2);
        plan.Steps.ShouldAllBe(step => step.StartSeconds < 60);
    }

    [Fact]
    public void What_has_to_leave_soonest_goes_first_where_that_keeps_the_windows()
    {
        // vm1 and vm2 leave a at any time, vm3 leaves c in the first 20 s only, and b lets one come at a time.
        var view = Three().WithVm("vm3", vm => vm with { At = Samples.At("c") })
            .WithPolicy("c", policy => policy with { Departures = [Until(20)] })
            .WithPolicy("b", policy => policy with { MigrationsIn = 1 });
        var plan = PlanOf(view);
        plan.Steps.Length.ShouldBe(3);
        plan.Steps[0].Vm.Value.ShouldBe("vm3");
    }

    [Fact]
    public void Many_moves_are_put_in_order_by_haste()
    {
        var vms = Enumerable.Range(1, 9).Select(i => Samples.Vm($"vm{i}", i == 9 ? "c" : "a")).ToArray();
        var view = Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], vms)
            .WithPolicy("c", policy => policy with { Departures = [Until(20)] }).WithPolicy("b", policy => policy with { MigrationsIn = 1 });
        var problem = new PlacementProblem(view);
        var moves = WindowedMoves.Find(problem, [.. Enumerable.Repeat(problem.Seats.Single(seat => seat.Site.Id.Value == "b").Index, 9)]);
        moves.ShouldNotBeNull()[0].Leg.Vm.ShouldBe(8);
    }

    [Fact]
    public void A_plan_that_is_begun_later_is_held_against_the_windows_at_each_step_as_it_would_be_then()
    {
        var view = Three().WithPolicy("a", policy => policy with { Departures = [Until(600)] });
        var plan = PlanOf(view);
        var id = new PlanId(view.Application.Id, 1);
        PlanReliance.Check(id, plan, 0, departs: false, view).IsFeasible.ShouldBeTrue();
        var late = PlanReliance.Check(id, plan, 0, departs: false, view with { Now = view.Now.AddSeconds(540) });
        late.Refusal!.Root.Code.ShouldBe(RefusalCode.DepartureWindowClosed);
    }

    private static ArrivalWindow Until(int seconds) => new([], new(11, 0), TimeOnly.FromDateTime(Samples.Now.UtcDateTime.AddSeconds(seconds)), TimeZoneInfo.Utc);

    private static PlacementView Three() =>
        Samples.View([Samples.Site("a"), Samples.Site("b"), Samples.Site("c")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"), Samples.Vm("vm3", "a"))
            .With(app => app with { Remaining = TimeSpan.FromHours(10) })
            .WithOffer("a", offer => offer with { Price = PriceSchedule.Always(4) }).WithOffer("c", offer => offer with { Price = PriceSchedule.Always(4) });

    private static Plan PlanOf(PlacementView view) => Planner.Plan(view, new Plans.EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
