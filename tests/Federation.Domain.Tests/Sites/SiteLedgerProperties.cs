using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteLedgerProperties
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private static readonly Site Grid = Samples.Site("grid", Offer("small", 2, 3), Offer("large", 4, 2)) with
    {
        Quotas = [new Quota("astro", 14, null, 5, 40), new Quota("bio", 8, null, 3, 24)],
        Policy = new SitePolicy { MigrationsIn = 2 },
    };

    private enum Act
    {
        Reserve,
        Confirm,
        Arrive,
        Cancel,
        Release,
        Expire,
        Leave,
        Stay,
    }

    private enum Crash
    {
        None,

        // The process ends before the new ledger is stored: nobody is answered, and nothing has happened.
        BeforeStoring,

        // It is stored, the answer is lost: the caller asks again.
        BeforeAnswering,
    }

    private sealed record Step(Act Act, int Reservation, int[] Vms, int Offer, int Quarters, Crash Crash);

    private static readonly Gen<Step> Steps =
        from act in Gen.Frequency((6, Gen.Const(Act.Reserve)), (3, Gen.Const(Act.Confirm)), (3, Gen.Const(Act.Arrive)),
            (1, Gen.Const(Act.Cancel)), (2, Gen.Const(Act.Release)), (1, Gen.Const(Act.Expire)), (2, Gen.Const(Act.Leave)), (1, Gen.Const(Act.Stay)))
        from reservation in Gen.Int[0, 5]
        from vms in Gen.Int[0, 8].Array[1, 3]
        from offer in Gen.Int[0, 1]
        from quarters in Gen.Frequency((4, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(2)))
        from crash in Gen.Frequency((6, Gen.Const(Crash.None)), (1, Gen.Const(Crash.BeforeStoring)), (1, Gen.Const(Crash.BeforeAnswering)))
        select new Step(act, reservation, [.. vms.Distinct()], offer, quarters, crash);

    [Fact]
    public void Whatever_is_asked_and_crashes_when_the_ledger_says_what_the_oracle_says_and_never_gives_out_more_than_there_is() =>
        Steps.Array[1, 60].Sample(
            steps =>
            {
                var (ledger, oracle, now) = (new SiteLedger(), new LedgerOracle(Grid, Lifetime), Samples.Now);
                foreach (var step in steps)
                {
                    now += step.Quarters * TimeSpan.FromMinutes(15);
                    if ((step.Act == Act.Arrive && !oracle.Holds(VmOf(step))) || (step.Act == Act.Leave && !oracle.IsHere(VmOf(step))))
                    {
                        continue;
                    }

                    var (next, yes) = Do(ledger, step, now);
                    if (step.Crash == Crash.BeforeStoring)
                    {
                        continue;
                    }

                    if (step.Crash == Crash.BeforeAnswering)
                    {
                        var again = Do(next, step, now);
                        again.Yes.ShouldBe(yes, "asked again");
                        again.Ledger.Allocations.ShouldBe(next.Allocations, "asked again");
                        next = again.Ledger;
                    }

                    yes.ShouldBe(Expect(oracle, step, now), $"{step.Act}");
                    ledger = next;
                    oracle.Expire(now);
                    ledger.Expire(now).Allocations.Values.ShouldBe(oracle.Places);
                    IsWithinLimits(ledger, now).ShouldBeTrue();
                }
            },
            iter: 3_000);

    private static (SiteLedger Ledger, bool Yes) Do(SiteLedger ledger, Step step, DateTimeOffset now)
    {
        var (next, verdict) = step.Act switch
        {
            Act.Reserve => ledger.Reserve(Grid, AllocationsOf(step, now), now, Lifetime),
            Act.Confirm => ledger.Confirm(Grid, VmOf(step), NameOf(step), now),
            Act.Arrive => (ledger.Arrive(VmOf(step), now), Verdict.Feasible),
            Act.Leave => ledger.BeginLeaving(Grid, VmOf(step)),
            Act.Stay => (ledger.CancelLeaving(VmOf(step)), Verdict.Feasible),
            Act.Cancel => (ledger.Cancel(NameOf(step)), Verdict.Feasible),
            Act.Release => (ledger.Release(Grid, VmOf(step), now), Verdict.Feasible),
            _ => (ledger.Expire(now), Verdict.Feasible),
        };
        return (next, verdict.IsFeasible);
    }

    private static bool Expect(LedgerOracle oracle, Step step, DateTimeOffset now)
    {
        switch (step.Act)
        {
            case Act.Reserve:
                return oracle.Reserve(AllocationsOf(step, now), now);
            case Act.Confirm:
                return oracle.Confirm(VmOf(step), NameOf(step), now);
            case Act.Arrive:
                oracle.Arrive(VmOf(step), now);
                break;
            case Act.Leave:
                oracle.Leave(VmOf(step));
                break;
            case Act.Stay:
                oracle.Stay(VmOf(step));
                break;
            case Act.Cancel:
                oracle.Cancel(NameOf(step));
                break;
            case Act.Release:
                oracle.Release(VmOf(step), now);
                break;
            default:
                oracle.Expire(now);
                break;
        }

        return true;
    }

    // Core-hours that were spent beyond the plan are used up, whatever the quota: only what is held is held against the amounts.
    private static bool IsWithinLimits(SiteLedger ledger, DateTimeOffset now) =>
        new LedgerOracle(Grid, Lifetime).IsWithinLimits([.. ledger.Expire(now).Allocations.Values]);

    private static string NameOf(Step step) => $"plan-{step.Reservation}";

    private static VmRef VmOf(Step step) => VmOf(step.Vms[0]);

    private static VmRef VmOf(int number) => new(new(new("astro"), $"app{number / 3}", 1), new($"vm{number % 3}"));

    private static List<Allocation> AllocationsOf(Step step, DateTimeOffset now) =>
        [.. step.Vms.Select(vm => new Allocation(
            VmOf(vm), new(vm / 3 == 2 ? "bio" : "astro"), step.Offer == 0 ? "small" : "large", NameOf(step), AllocationState.Arriving,
            Migrates: step.Reservation % 2 == 0, now, CoreHours: 4))];

    private static Offer Offer(string name, int vcpus, int available) =>
        new(name, vcpus, 8 * Samples.GiB, 1, available, PriceSchedule.Always(1));
}
