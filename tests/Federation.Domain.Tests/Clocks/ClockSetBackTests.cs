using CsCheck;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Clocks;

// What was noted while the clock was ahead must not hold anything up, or make it longer, once it is set back.
public sealed class ClockSetBackTests
{
    private static readonly DateTimeOffset Now = Samples.Now;
    private static readonly DateTimeOffset Tomorrow = Now.AddDays(1);

    private static readonly Gen<TimeSpan> Offset = Gen.Int[-200_000, 200_000].Select(seconds => TimeSpan.FromSeconds(seconds));

    [Fact]
    public void What_remains_of_a_run_is_never_more_than_was_described_nor_less_than_a_moment_and_falls_with_the_clock() =>
        Gen.Select(Gen.Int[1, 100_000], Offset, Offset).Sample((described, one, other) =>
        {
            var application = Samples.View([Samples.Site("a")], Samples.Vm("vm1")).Application with { Remaining = TimeSpan.FromSeconds(described) };
            var progress = RunProgress.Of(application, runs: true, Now);
            var (early, late) = one < other ? (one, other) : (other, one);
            var before = progress.At(application, Now + early).Remaining;
            before.ShouldBeInRange(RunProgress.Least, application.Remaining);
            progress.At(application, Now + late).Remaining.ShouldBeInRange(RunProgress.Least, before);
        });

    [Fact]
    public void A_window_counts_once_it_has_closed_give_or_take_what_right_clocks_are_apart() => Offset.Sample(offset =>
    {
        var window = Window.Containing(Now + offset);
        window.IsAhead(Now).ShouldBe(window.End > Now.AddSeconds(5));
        window.IsAhead(Now).ShouldBe(window.CompareTo(Window.Newest(Now)) > 0);
    });

    [Fact]
    public void A_VM_that_came_while_the_clock_was_ahead_may_be_reported_where_it_is()
    {
        var (old, here) = (new HostPlace(new("a"), "h1"), new HostPlace(new("b"), "h2"));
        var stays = VmStay.Moved(VmStay.Moved([], old, Now.AddHours(-1)), here, Tomorrow);
        stays[1].Covers(Window.LastClosed(Now.AddMinutes(10)), Now.AddMinutes(10)).ShouldBeTrue();
        stays[1].Covers(Window.LastClosed(Tomorrow.AddMinutes(-5)), Tomorrow.AddMinutes(10)).ShouldBeFalse("the clock is there: it began when it says");

        // It leaves by the clock that was set back: of a stay that ends before it begins nobody knows when it was.
        var left = VmStay.Moved(stays, old, Now.AddMinutes(20));
        left[1].Covers(Window.LastClosed(Now.AddMinutes(10)), Now.AddMinutes(20)).ShouldBeTrue();
        left[2].Covers(Window.LastClosed(Now.AddMinutes(30)), Now.AddMinutes(30)).ShouldBeTrue();
    }

    [Fact]
    public void Groups_go_on_with_the_present_window_and_what_was_ahead_has_to_be_seen_anew() => Offset.Sample(offset =>
    {
        var last = Window.Containing(Now + offset);
        var history = new GroupHistoryState { LastWindow = last, LastNumber = 3, Pending = [new([], [], last, 1)] };
        var set = history.By(Now);
        if (last.IsAhead(Now))
        {
            (set.LastWindow, set.Pending.Length, set.LastNumber).ShouldBe((Window.Newest(Now).Previous, 0, 3));
        }
        else
        {
            set.ShouldBeSameAs(history);
        }
    });

    [Fact]
    public void Windows_that_are_ahead_of_the_clock_wait_no_more_and_the_others_not_until_it_is_where_it_was()
    {
        var waiting = new WaitingWindows(TimeSpan.FromSeconds(10));
        waiting.Note(Window.LastClosed(Now), Tomorrow);
        waiting.Note(Window.LastClosed(Tomorrow), Tomorrow);

        waiting.RemoveAhead(Now);
        waiting.Oldest.ShouldBe(Window.LastClosed(Now));
        waiting.IsOverdue(Now).ShouldBeTrue();
        waiting.RemoveUntil(Window.LastClosed(Now));
        waiting.Oldest.ShouldBeNull();
    }

    [Fact]
    public void A_gain_that_was_seen_ahead_of_the_clock_has_to_persist_anew_and_not_until_then()
    {
        var history = new MoveHistory { Pending = new(Tomorrow, 2, Window.Containing(Tomorrow)) };
        (history, _) = Hysteresis.Consider(history, new(), new()
        {
            Application = AppId.Parse("cg"), Objective = default, MadeAt = Now, Decision = PlanDecision.Migrate, Status = PlanStatus.Optimal, Why = [],
        });
        history.Pending.ShouldBe(new(Now, 1, Window.Containing(Now)));
    }

    [Fact]
    public void A_migration_that_waits_and_a_finding_that_settles_begin_anew()
    {
        var id = MigrationId.Parse("astro/cg.1.1.1");
        var order = new MigrationOrder(id, VmRef.Parse("astro/cg.1/vm1"), Samples.At("a"), Samples.At("b"), 1, 1, 0.1);
        var migration = new MigrationState(order, id.Plan, CoreHours: 1, MigrationPhase.Reserve, Now) { WaitsSince = Tomorrow };
        MigrationLifecycle.Refuse(migration, Refusal.MigrationsInFull(new("a"), 1), Now, TimeSpan.FromMinutes(1)).WaitsSince.ShouldBe(Now);

        var finding = new Finding(FindingKind.NotListed, AppId.Parse("astro/cg.1"), null, null);
        var seen = new ReconcilerState { Seen = [new(finding, Tomorrow)] }.After([finding], Now);
        seen.Seen.ShouldHaveSingleItem().Since.ShouldBe(Now);
    }
}
