using CsCheck;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

/// <summary>Random sequences of all that happens to a site, with crashes, lost answers and calls that come twice or too late.</summary>
/// <remarks><c>FEDERATION_SEQUENCES</c> says how many; <c>tests/nightly.sh</c> tries several hundred thousand.</remarks>
public sealed class SiteLedgerProperties
{
    private static readonly Gen<LedgerStep> Step =
        from act in Gen.Frequency(
            (8, Gen.Const(LedgerAct.Admit)), (6, Gen.Const(LedgerAct.Confirm)), (6, Gen.Const(LedgerAct.Arrive)),
            (4, Gen.Const(LedgerAct.BeginLeaving)), (2, Gen.Const(LedgerAct.CancelLeaving)), (3, Gen.Const(LedgerAct.Depart)),
            (1, Gen.Const(LedgerAct.Release)), (1, Gen.Const(LedgerAct.ReleaseAll)), (1, Gen.Const(LedgerAct.Cancel)), (1, Gen.Const(LedgerAct.Expire)),
            (2, Gen.Const(LedgerAct.Describe)), (2, Gen.Const(LedgerAct.Request)), (2, Gen.Const(LedgerAct.Approve)), (1, Gen.Const(LedgerAct.Reject)),
            (1, Gen.Const(LedgerAct.Withdraw)))
        from application in Gen.Frequency((5, Gen.Int[0, 2]), (1, Gen.Const(3)))
        from vms in Gen.Frequency((8, Gen.Int[0, 1]), (1, Gen.Int[2, 3])).Array[1, 2]
        from plan in Gen.Int[1, 2]
        from kind in Gen.Int[0, 2]
        from offer in Gen.Frequency((9, Gen.Int[0, 1]), (1, Gen.Const(2)))
        from quarters in Gen.Frequency((5, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(6)))
        from site in Gen.Int[0, 3]
        from crash in Gen.Frequency((6, Gen.Const(LedgerCrash.None)), (1, Gen.Const(LedgerCrash.BeforeStoring)), (1, Gen.Const(LedgerCrash.BeforeAnswering)))
        select new LedgerStep(act, application, [.. vms.Distinct()], plan, kind, offer, quarters, site, crash);

    // The same caller goes on with what it began, so that sequences come further than to a first place.
    private static readonly Gen<LedgerStep[]> Sequence =
        from steps in Step.Array[1, 60]
        from follows in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false))).Array[60]
        select Followed(steps, follows);

    [Fact]
    public void No_limit_is_exceeded_core_hours_are_conserved_and_places_are_stays_whatever_happens_and_crashes_when() =>
        Sequence.Sample(steps => Run(steps, new LedgerMutation()), iter: RandomSequences.Count(3_000));

    /// <summary>For each guard a seed of a sequence that shows it missing.</summary>
    public static TheoryData<string, string> Seeds { get; } = new()
    {
        { "VMs come at any time", "4qC_4aFxUIq1" },
        { "VMs leave at any time", "47DHPuPwLrz3" },
        { "a VM arrives at anybody's place", "enAzM49meuj1" },
        { "a VM comes back to another offer than it had", "fTLqzpTDD2H1" },
        { "a cancelled reservation leaves its place behind", "dDRdBoRyFvW3" },
        { "a departure leaves its place behind", "33TQswHRwTg2" },
        { "a migration ends another's departure", "06p9a-ngNUd1" },
        { "a migration takes another's departure back", "cmUJZmS_U7p4" },
        { "a place is confirmed for anybody", "0JJzVKrQi-_1" },
        { "a place that has run out is confirmed", "6XUpml3-ZXi1" },
        { "a stay begins anew when its VM begins to leave", "acOOyMr_5oL1" },
        { "a stay begins anew when its VM stays after all", "27NsAINb5vy1" },
        { "an approval does not expire", "2P9GdO7weDO1" },
        { "another plan than the one that took a VM away brings it back", "fTLqzpTDD2H1" },
        { "any number arrives at once", "8_fBLGpiPDW1" },
        { "any number leaves at once", "7BNP_yxPCPk1" },
        { "any tenant comes", "5WQeMoGx2A51" },
        { "arrivals need no approval", "ev_RJgVXBE_3" },
        { "capacity is not looked at", "1E4CaWplD6N1" },
        { "core-hours count once they are used", "8iCyGg-in0C2" },
        { "departures need no approval", "fUL1YqJu4K41" },
        { "headroom is given out", "756DCoNHnrN1" },
        { "memory has no capacity", "fNPqjSyrcE21" },
        { "needs are not held against the offer", "7kWYOGqsjuS4" },
        { "offers never run out", "4WGt2Xh8v_02" },
        { "quotas of amounts are not looked at", "5KYIPLTrIlN1" },
        { "quotas of core-hours are not looked at", "6nXU3ykLPdc3" },
        { "residency is not held against the site", "czx_FODiuGt3" },
        { "the end of an application leaves places behind", "3ulAR65E3cl3" },
        { "the site is always there", "9GNq0sY20gb1" },
        { "what has been used is forgotten when a VM leaves", "a1eO4c2GATn1" },
        { "what has been used is forgotten when a VM stops", "dcTe6178qiq2" },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_ledger_without_one_of_its_guards_is_found_out(string guard, string seed) =>
        Sequence.Caught(guard, seed, steps => Run(steps, LedgerMutations.All[guard])).ShouldBeOfType<ShouldAssertException>();

    [Fact]
    public void Every_guard_has_a_seed() => Seeds.Select(row => row.Data.Item1).Order(StringComparer.Ordinal).ShouldBe(LedgerMutations.All.Keys);

    private static LedgerStep[] Followed(LedgerStep[] steps, bool[] follows)
    {
        for (var i = 1; i < steps.Length; i++)
        {
            var before = steps[i - 1];
            steps[i] = follows[i]
                ? steps[i] with { Application = before.Application, Vms = before.Vms, Plan = before.Plan, Kind = before.Kind, Offer = before.Offer }
                : steps[i];
        }

        return steps;
    }

    private static void Run(LedgerStep[] steps, LedgerMutation mutation)
    {
        var (state, truth, now, site) = (new LedgerSubject(new(), SiteApprovals.None, mutation), new LedgerTruth(), Samples.Now, LedgerWorld.Sites[0]);
        foreach (var step in steps)
        {
            now += step.Quarters * TimeSpan.FromMinutes(15);
            if (step.Act == LedgerAct.Describe)
            {
                site = LedgerWorld.Sites[step.Site];
                continue;
            }

            var (next, yes) = state.Do(step, site, now);
            if (step.Crash == LedgerCrash.BeforeStoring)
            {
                continue;
            }

            if (step.Crash == LedgerCrash.BeforeAnswering)
            {
                var again = next.Do(step, site, now);
                again.Yes.ShouldBe(yes, "asked again");
                again.Next.Ledger.Allocations.ShouldBe(next.Ledger.Allocations, "asked again");
                next = again.Next;
            }

            truth.Answered(step, site, yes, now);
            truth.Compare(next.Ledger, now);
            state = next;
        }
    }
}
