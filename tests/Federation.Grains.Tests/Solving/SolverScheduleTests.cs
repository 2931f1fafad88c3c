using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Grains.Solving;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests.Solving;

public sealed class SolverScheduleTests
{
    private static readonly TenantId A = new("a");
    private static readonly TenantId B = new("b");

    private static readonly Gen<(SolvingOptions Options, int Workers)> Settings = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 9], Gen.Int[1, 5], Gen.Int[0, 2],
        (workers, perTenant, waiting, automatic, behind) => (new SolvingOptions
        {
            WaitingPerTenant = perTenant, Waiting = waiting, WaitingAutomatic = automatic, Behind = behind, Slice = TimeSpan.FromSeconds(3),
        }, workers));

    // What is done, and to which: an arrival is of that tenant, all else is of the how-manieth ticket that it can be done to.
    private static readonly Gen<(int What, int Which)[]> Acts = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 11]).Array[0, 120];

    [Fact]
    public void Tenants_take_turns_within_the_bounds_and_nothing_is_lost_or_begun_twice() =>
        Gen.Select(Settings, Acts).Sample((settings, acts) =>
        {
            var (fast, slow) = (new SolverSchedule(settings.Workers, settings.Options), new SlowSchedule(settings.Workers, settings.Options));
            var (tickets, now) = (new List<SolveTicket>(), Samples.Now);
            foreach (var (what, which) in acts)
            {
                switch (what)
                {
                    case < 5:
                        Arrive(fast, slow, tickets, new($"t{which % 4}"), which < 8 ? SolveKind.Asked : SolveKind.Automatic);
                        break;
                    case 5:
                        now += TimeSpan.FromSeconds(which);
                        break;
                    case < 9 when Pick(slow.All.Where(one => one.Stage is SlowSchedule.Stage.AtWork or SlowSchedule.Stage.Behind), which) is { } one:
                        fast.Cancel(tickets[(int)one.Number - 1]).ShouldBeFalse();
                        fast.End(tickets[(int)one.Number - 1], now).ShouldBeTrue();
                        slow.End(one);
                        break;
                    case 9 when Pick(slow.In(SlowSchedule.Stage.Waits), which) is { } one:
                        fast.End(tickets[(int)one.Number - 1], now).ShouldBeFalse();
                        fast.Cancel(tickets[(int)one.Number - 1]).ShouldBeTrue();
                        slow.End(one);
                        break;
                }

                BeginAll(fast, slow, tickets, now);
                fast.LookAgain().ShouldBe(slow.LookAgain());
                foreach (var one in slow.In(SlowSchedule.Stage.Waits))
                {
                    fast.Before(tickets[(int)one.Number - 1]).ShouldBe(slow.Before(one));
                }
            }
        });

    [Fact]
    public void A_hundred_plans_of_one_tenant_are_not_before_the_first_of_another()
    {
        var schedule = new SolverSchedule(1, new());
        var hundred = Enumerable.Range(0, 100).Select(_ => schedule.Add(A, SolveKind.Asked)).ToList();
        schedule.Begin(Samples.Now, out _).ShouldBe(hundred[0]);
        var other = schedule.Add(B, SolveKind.Asked);

        schedule.Before(other).ShouldBe(0);
        schedule.Begin(Samples.Now, out _).ShouldBeNull();
        schedule.LookAgain().ShouldBe(Samples.Now + new SolvingOptions().Slice);
        schedule.Begin(Samples.Now + new SolvingOptions().Slice, out var madeWay).ShouldBe(other);
        madeWay.ShouldBe(hundred[0]);

        // The next of the hundred does not take the free worker: the first goes on, and whoever comes finds it free.
        schedule.End(other, Samples.Now);
        schedule.Begin(Samples.Now, out _).ShouldBeNull();
    }

    [Fact]
    public void A_look_waits_for_no_more_than_four_plans_for_each_look_before_it() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[0, 5], Gen.Int[0, 3]).Sample((tenants, looks, late) =>
        {
            var schedule = new SolverSchedule(1, new() { WaitingPerTenant = 1_000, Waiting = 1_000 });
            void Ask(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    schedule.Add(new($"t{i % tenants}"), SolveKind.Asked);
                }
            }

            Ask(100);
            for (var i = 0; i < late; i++)
            {
                schedule.End(schedule.Begin(Samples.Now, out _)!, Samples.Now);
            }

            for (var i = 0; i < looks; i++)
            {
                schedule.Add(A, SolveKind.Automatic);
            }

            var mine = schedule.Add(A, SolveKind.Automatic);
            for (var begun = 1; schedule.Begin(Samples.Now, out _) is { } next && next != mine; begun++)
            {
                begun.ShouldBeLessThanOrEqualTo((looks * 5) + 4);
                schedule.End(next, Samples.Now);
                Ask(1);
            }

            mine.Since.ShouldNotBeNull();
        });

    [Fact]
    public void A_refusal_says_the_bound_and_when_the_next_of_those_that_wait_has_likely_begun()
    {
        var schedule = new SolverSchedule(2, new() { WaitingPerTenant = 1 });
        for (var i = 0; i < 20; i++)
        {
            schedule.Add(A, SolveKind.Asked);
            schedule.End(schedule.Begin(Samples.Now, out _)!, Samples.Now + TimeSpan.FromSeconds(30));
        }

        schedule.Add(A, SolveKind.Asked);
        schedule.Add(B, SolveKind.Asked);

        var refusal = schedule.Against(A, SolveKind.Asked)!;
        refusal.Code.ShouldBe(RefusalCode.PlansOfTenantWaiting);
        (refusal.Arguments.Tenant, refusal.Arguments.Limit).ShouldBe((A, 1));
        refusal.Again!.Value.TotalSeconds.ShouldBeInRange(28, 30, "two tenants take turns on two workers, each for about 30 s");
    }

    private static void Arrive(SolverSchedule fast, SlowSchedule slow, List<SolveTicket> tickets, TenantId tenant, SolveKind kind)
    {
        var may = slow.MayAdd(tenant, kind);
        (fast.Against(tenant, kind) is null).ShouldBe(may);
        if (may)
        {
            tickets.Add(fast.Add(tenant, kind));
            slow.Add(tenant, kind);
        }
    }

    private static void BeginAll(SolverSchedule fast, SlowSchedule slow, List<SolveTicket> tickets, DateTimeOffset now)
    {
        while (true)
        {
            var expected = slow.Begin(now);
            var next = fast.Begin(now, out var madeWay);
            (next?.Number, madeWay?.Number).ShouldBe((expected?.Next, expected?.MadeWay));
            if (next is null)
            {
                return;
            }

            tickets[(int)next.Number - 1].ShouldBeSameAs(next);
            next.Since.ShouldBe(now);
        }
    }

    private static SlowSchedule.One? Pick(IEnumerable<SlowSchedule.One> from, int which) =>
        from.ToList() is { Count: > 0 } some ? some[which % some.Count] : null;
}
