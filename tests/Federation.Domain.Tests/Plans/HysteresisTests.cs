using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

public sealed class HysteresisTests
{
    private static readonly VmId Vm = new("vm1");
    private static readonly MovePolicy Policy = new();

    [Fact]
    public void A_gain_has_to_be_seen_in_several_windows_before_VMs_move()
    {
        var due = Evaluate(Enumerable.Repeat(Migrate, 5), Policy);
        due.ShouldBe([false, false, true, true, true]);
    }

    [Fact]
    public void Looking_twice_in_one_window_counts_once()
    {
        var history = new MoveHistory();
        for (var i = 0; i < 10; i++)
        {
            (history, var timing) = Hysteresis.Consider(history, Policy, Migrate(Samples.Now.AddSeconds(i)));
            timing.IsDue.ShouldBeFalse();
            RefusalText.Of(timing.Waits.ShouldHaveSingleItem()).ShouldContain("seen in 1 of 3 windows");
        }
    }

    [Fact]
    public void A_gain_that_goes_away_has_to_persist_anew() =>
        Evaluate([Migrate, Migrate, Stay, Migrate, Migrate, Migrate], Policy).ShouldBe([false, false, false, false, false, true]);

    [Fact]
    public void What_has_to_move_or_to_start_is_due_at_once()
    {
        Evaluate([at => Migrate(at) with { IsForced = true }], Policy).ShouldBe([true]);
        Evaluate([at => Migrate(at) with { Decision = PlanDecision.Place }], Policy).ShouldBe([true]);
        Evaluate([at => Migrate(at) with { Decision = PlanDecision.Infeasible }], Policy).ShouldBe([false]);
    }

    [Fact]
    public void A_VM_that_has_moved_is_left_alone_until_its_cool_down_is_over()
    {
        var history = Hysteresis.Moved(new(), [Vm], Samples.Now);
        Hysteresis.CoolingDown(history, Policy, Samples.Now.AddSeconds(599)).Keys.ShouldBe([Vm]);
        Hysteresis.CoolingDown(history, Policy, Samples.Now.AddSeconds(600)).ShouldBeEmpty();
        var (_, timing) = Hysteresis.Consider(history, Policy with { PersistenceWindows = 1 }, Migrate(Samples.Now.AddSeconds(60)));
        timing.IsDue.ShouldBeFalse();
        RefusalText.Of(timing.Waits.ShouldHaveSingleItem()).ShouldBe("vm1 has moved lately: its cool-down ends at 2026-11-23T12:10:00Z");
    }

    [Fact]
    public void So_many_VMs_move_within_a_day_as_the_application_lets_and_what_has_to_move_does_all_the_same()
    {
        var policy = Policy with { PersistenceWindows = 1, CooldownSeconds = 0 };
        var history = Hysteresis.Moved(Hysteresis.Moved(new(), [Vm, new("vm2")], Samples.Now), [Vm], Samples.Now.AddHours(1));
        var plan = PlanOf(TwoAtTheDearSite());
        plan.Steps.Length.ShouldBe(2);
        Due(5, 2).ShouldBeTrue();
        Due(4, 2).ShouldBeFalse("three have moved, and two would");
        RefusalText.Of(Hysteresis.Consider(history, policy, plan with { MadeAt = Samples.Now.AddHours(2) }, 4).Timing.Waits.ShouldHaveSingleItem()).ShouldContain("moves a day: 4 VMs");
        Due(3, 24).ShouldBeTrue("the first two were a day ago");
        Due(1, 30).ShouldBeFalse("it would take two");
        Hysteresis.Consider(history, policy, plan with { MadeAt = Samples.Now.AddHours(2), IsForced = true }, 1).Timing.IsDue.ShouldBeTrue();
        Hysteresis.Trim(history, policy, Samples.Now.AddHours(24)).Made.Values.ShouldBe([1]);

        bool Due(int most, double hours) => Hysteresis.Consider(history, policy, plan with { MadeAt = Samples.Now.AddHours(hours) }, most).Timing.IsDue;
    }

    [Fact]
    public void A_VM_that_cools_down_stays_in_the_plan_and_the_others_move()
    {
        var view = TwoAtTheDearSite();
        var cooling = view with { CoolingDown = ImmutableSortedDictionary<VmId, DateTimeOffset>.Empty.Add(Vm, Samples.Now.AddMinutes(1)) };
        PlanOf(view).Steps.Select(step => step.Vm.Value).ShouldBe(["vm1", "vm2"], ignoreOrder: true);
        PlanOf(cooling).Steps.Select(step => step.Vm.Value).ShouldBe(["vm2"]);
        PlanOf(cooling with { Now = Samples.Now.AddMinutes(1) }).Steps.Length.ShouldBe(2);
    }

    [Fact]
    public void A_cool_down_holds_no_VM_where_it_cannot_stay()
    {
        var view = TwoAtTheDearSite().WithSite("a", site => site with
        {
            Availability = [new(Samples.Now.AddHours(-1), Samples.Now.AddMinutes(30))],
        });
        var plan = PlanOf(view with { CoolingDown = ImmutableSortedDictionary<VmId, DateTimeOffset>.Empty.Add(Vm, Samples.Now.AddMinutes(10)) });
        plan.Decision.ShouldBe(PlanDecision.Migrate);
        plan.IsForced.ShouldBeTrue();
        plan.Steps.Length.ShouldBe(2);
    }

    [Fact]
    public void A_VM_never_moves_twice_within_its_cool_down() =>
        Gen.Int[0, 3].Array[60].Sample(
            kinds =>
            {
                var (history, moves) = (new MoveHistory(), new List<DateTimeOffset>());
                foreach (var (i, kind) in kinds.Index())
                {
                    var now = Samples.Now.AddSeconds(20 * i);
                    (history, var timing) = Hysteresis.Consider(history, Policy with { CooldownSeconds = 300 }, kind == 0 ? Stay(now) : Migrate(now));
                    if (timing.IsDue)
                    {
                        moves.Add(now);
                        history = Hysteresis.Moved(history, [Vm], now);
                    }
                }

                moves.Zip(moves.Skip(1)).ShouldAllBe(pair => (pair.Second - pair.First).TotalSeconds >= 300);
            },
            iter: 500);

    [Fact]
    public void What_is_remembered_does_not_outlive_its_use()
    {
        var history = Hysteresis.Moved(Hysteresis.Moved(new(), [Vm], Samples.Now), [new VmId("vm2")], Samples.Now.AddMinutes(8));
        Hysteresis.Trim(history, Policy, Samples.Now.AddMinutes(11)).LastMoves.Keys.ShouldBe([new VmId("vm2")]);
    }

    private static List<bool> Evaluate(IEnumerable<Func<DateTimeOffset, Plan>> plans, MovePolicy policy)
    {
        var (history, due) = (new MoveHistory(), new List<bool>());
        foreach (var (i, plan) in plans.Index())
        {
            (history, var timing) = Hysteresis.Consider(history, policy, plan(Samples.Now + (i * Window.Length)));
            due.Add(timing.IsDue);
        }

        return due;
    }

    private static Plan Migrate(DateTimeOffset at) => Stay(at) with
    {
        Decision = PlanDecision.Migrate,
        Steps = [new(Vm, Samples.At("a"), Samples.At("b"), default)],
    };

    private static Plan Stay(DateTimeOffset at) => new()
    {
        Application = AppId.Parse("cg"), Objective = default, MadeAt = at, Decision = PlanDecision.Stay, Status = PlanStatus.Optimal, Why = [],
    };

    private static PlacementView TwoAtTheDearSite() =>
        Samples.View([Samples.Site("a"), Samples.Site("b")], Samples.Vm("vm1", "a"), Samples.Vm("vm2", "a"))
            .WithOffer("b", offer => offer with { Price = PriceSchedule.Always(0.2m) });

    private static Plan PlanOf(PlacementView view) =>
        Planner.Plan(view, new EverySeatSolver(), new(), TestContext.Current.CancellationToken);
}
