using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Plans;

/// <summary>Random lives of a plan: orders of people, answers of sites, crashes between any two writes, lost and doubled answers.</summary>
public sealed class PlanSagaProperties
{
    private static readonly Gen<Act> Acts =
        from kind in Gen.Frequency((2, Gen.Const(ActKind.Apply)), (1, Gen.Const(ActKind.Cancel)), (6, Gen.Const(ActKind.Approve)),
            (1, Gen.Const(ActKind.Withdraw)), (1, Gen.Const(ActKind.Reject)), (1, Gen.Const(ActKind.Supersede)), (1, Gen.Const(ActKind.Wait)),
            (1, Gen.Const(ActKind.Busy)), (1, Gen.Const(ActKind.LookEarly)), (24, Gen.Const(ActKind.Work)))
        from which in Gen.Int[0, 5]
        from end in Gen.Frequency((6, Gen.Const(CallEnd.Good)), (2, Gen.Const(CallEnd.Refused)), (1, Gen.Const(CallEnd.Open)), (1, Gen.Const(CallEnd.OpenButDone)))
        from answer in Gen.Frequency((6, Gen.Const(Answer.Comes)), (1, Gen.Const(Answer.IsLost)), (1, Gen.Const(Answer.ComesTwice)))
        select new Act(kind, which, end, answer);

    private static readonly Gen<(bool Places, Act[] Acts)> Lives =
        from places in Gen.Bool from rare in Gen.Int[0, 3] from acts in Acts.Array[0, 60]
        select (places, rare == 0 ? acts : [.. acts.Where(act => act.Kind is not (ActKind.Reject or ActKind.Supersede or ActKind.Cancel or ActKind.Wait))]);

    private enum ActKind
    {
        Apply,
        Cancel,
        Approve,
        Withdraw,
        Reject,
        Supersede,
        Wait,
        Busy,
        LookEarly,
        Work,
    }

    private enum Answer
    {
        Comes,

        // The process ends before the answer is stored: the command is due again.
        IsLost,
        ComesTwice,
    }

    /// <summary>A guard of the machine that a mutation takes out.</summary>
    public enum Guard
    {
        /// <summary>The machine as it is.</summary>
        None,

        /// <summary>That the slot is wanted is stored before it is claimed.</summary>
        IntentOfTheSlot,

        /// <summary>Places that may be kept are noted before they are asked for.</summary>
        IntentOfPlaces,

        /// <summary>Only an order starts a plan.</summary>
        OnlyAnOrderStarts,

        /// <summary>All sites have to approve.</summary>
        EverySiteApproves,

        /// <summary>What a plan relies on is looked at before it begins.</summary>
        TheCheck,

        /// <summary>After a failure nothing new begins.</summary>
        TroubleStops,

        /// <summary>What is unknown is not taken for a failure.</summary>
        UnknownIsNoFailure,

        /// <summary>A step waits for those before it.</summary>
        OrderOfSteps,

        /// <summary>The slot is given back last.</summary>
        SlotComesLast,

        /// <summary>Waiting ends.</summary>
        WaitingEnds,

        /// <summary>Going on after trouble has a limit.</summary>
        RetriesEnd,

        /// <summary>Approvals are dropped at the end.</summary>
        ApprovalsAreDropped,
    }

    [Fact]
    public void Whatever_happens_and_crashes_when_a_plan_ends_gives_everything_back_and_has_done_what_it_says() =>
        Lives.Sample(life => Live(life.Places, life.Acts, Guard.None), iter: RandomSequences.Count(5_000));

    /// <summary>For each guard a seed of a life that shows it missing.</summary>
    public static TheoryData<Guard, string> Seeds { get; } = new()
    {
        { Guard.IntentOfTheSlot, "5JFRznSycI83" },
        { Guard.IntentOfPlaces, "d9ozaQTtgpy2" },
        { Guard.OnlyAnOrderStarts, "3QHjzpk1JPB2" },
        { Guard.EverySiteApproves, "dZ90kVlCBx81" },
        { Guard.TheCheck, "er1YeQuH--l1" },
        { Guard.TroubleStops, "atB_9goISVs2" },
        { Guard.UnknownIsNoFailure, "2OC4LFupjwX3" },
        { Guard.OrderOfSteps, "5LyZbOGmzQu3" },
        { Guard.SlotComesLast, "2w5ELrZa15O1" },
        { Guard.WaitingEnds, "0S9hyswLU5p1" },
        { Guard.RetriesEnd, "fUBoA4JJIH12" },
        { Guard.ApprovalsAreDropped, "fUBoA4JJIH12" },
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_guard_that_is_taken_out_is_missed(Guard guard, string seed) =>
        Lives.Caught($"{guard}", seed, life => Live(life.Places, life.Acts, guard)).ShouldBeOfType<InvalidOperationException>();

    [Fact]
    public void Every_guard_has_a_seed() => Seeds.Select(row => row.Data.Item1).Prepend(Guard.None).ShouldBe(Enum.GetValues<Guard>());

    private static void Live(bool places, Act[] acts, Guard without)
    {
        var world = new SagaWorld(places);
        var now = Samples.Now;
        foreach (var act in acts)
        {
            now += act.Kind == ActKind.Wait ? TimeSpan.FromHours(act.Which) : TimeSpan.FromSeconds(1);
            Play(world, act, now, without);
            world.CheckPlaces();
        }

        End(world, now, isStubborn: acts.Length % 3 == 0, without);
        world.CheckEnd();
    }

    private static void Play(SagaWorld world, Act act, DateTimeOffset now, Guard without)
    {
        var site = SagaWorld.Touched[act.Which % 3];
        switch (act.Kind)
        {
            case ActKind.Apply:
                world.IsOrdered = true;
                Tell(world, new SagaEvent.Apply("owner", SagaWorld.Touched, now.AddHours(8)), act, now, without);
                break;
            case ActKind.Cancel:
                Tell(world, new SagaEvent.Cancel("owner"), act, now, without);
                break;
            case ActKind.LookEarly:
                Tell(world, new SagaEvent.ApprovalWanted(site), act, now, without);
                break;
            case ActKind.Reject:
                Tell(world, new SagaEvent.ApprovalRejected(site, Refusal.ApprovalRejected("plan", site, "admin")), act, now, without);
                break;
            case ActKind.Supersede:
                Tell(world, new SagaEvent.Superseded(new(world.Saga.Id.Application, 2)), act, now, without);
                break;
            case ActKind.Approve or ActKind.Withdraw:
                if (world.Decide(site, act.Kind == ActKind.Approve ? ApprovalProgress.Given : ApprovalProgress.Requested) is { } decided)
                {
                    Tell(world, decided, act, now, without);
                }

                break;
            case ActKind.Busy:
                world.Slot = world.Slot switch { null => "other", "other" => null, var plan => plan };
                break;
            case ActKind.Wait:
                Tell(world, new SagaEvent.Woken(), act, now, without);
                break;
            default:
                Work(world, act, now, without);
                break;
        }
    }

    private static void Work(SagaWorld world, Act act, DateTimeOffset now, Guard without)
    {
        var due = Due(world.Saga, without);
        if (!due.IsEmpty && world.Do(due[act.Which % due.Length], act.End) is { } answer)
        {
            Tell(world, answer, act, now, without);
        }
    }

    // From here on everybody answers, and the plan has to come to its end by itself.
    private static void End(SagaWorld world, DateTimeOffset now, bool isStubborn, Guard without)
    {
        world.Slot = world.Slot == "other" ? null : world.Slot;
        if (world.Saga.State == PlanState.Proposed)
        {
            Tell(world, new SagaEvent.Cancel("owner"), Act.Plain, now, without);
        }

        for (var turn = 0; !(world.Saga.State.IsEnd() && Due(world.Saga, without).IsEmpty); turn++)
        {
            if (turn == 400)
            {
                throw new InvalidOperationException($"a plan that is {world.Saga.State} does not end");
            }

            now += TimeSpan.FromMinutes(10);
            Tell(world, new SagaEvent.Woken(), Act.Plain, now, without);
            // One that says no again and again does not keep a plan from ending either.
            Work(world, Act.Plain with { Which = turn, End = isStubborn ? CallEnd.Refused : CallEnd.Good }, now, without);
            world.CheckPlaces();
        }
    }

    private static void Tell(SagaWorld world, SagaEvent happened, Act act, DateTimeOffset now, Guard without)
    {
        for (var times = act.Answer switch { Answer.IsLost when act.Kind == ActKind.Work => 0, Answer.ComesTwice => 2, _ => 1 }; times > 0; times--)
        {
            world.Saga = On(world.Saga, happened, now, without);
        }
    }

    // The machine without one of its guards.
    private static PlanSaga On(PlanSaga saga, SagaEvent happened, DateTimeOffset now, Guard without)
    {
        (saga, happened) = without switch
        {
            Guard.IntentOfTheSlot when happened is SagaEvent.SlotGiven or SagaEvent.SlotRefused => (saga with { Slot = SlotProgress.Wanted }, happened),
            Guard.IntentOfPlaces when happened is SagaEvent.PlacesKept kept => (saga with { Places = saga.Places.SetItem(kept.Site, true) }, happened),
            Guard.UnknownIsNoFailure when happened is SagaEvent.StepUnknown unknown => (saga, new SagaEvent.StepFailed(unknown.Step, unknown.Why)),
            Guard.EverySiteApproves when happened is SagaEvent.ApprovalGiven && saga.State == PlanState.Waiting =>
                (saga with { Approvals = saga.Approvals.ToImmutableSortedDictionary(site => site.Key, _ => ApprovalProgress.Given) }, happened),
            Guard.RetriesEnd => (saga with { Choices = [] }, happened is SagaEvent.Weighed weighed ? weighed with { Round = 0 } : happened),
            _ => (saga, happened),
        };
        var next = PlanSagas.On(saga, happened, now);
        return without switch
        {
            Guard.IntentOfTheSlot when next.Slot == SlotProgress.Wanted => next with { Slot = SlotProgress.None },
            Guard.IntentOfPlaces when next.State == PlanState.Applying =>
                next with { Places = next.Places.RemoveRange(next.Places.Where(place => !place.Value).Select(place => place.Key)) },
            Guard.OnlyAnOrderStarts when happened is SagaEvent.ApprovalGiven && next.State == PlanState.Proposed =>
                PlanSagas.On(next, new SagaEvent.Apply("nobody", SagaWorld.Touched, now.AddHours(8)), now),
            Guard.TheCheck when next is { State: PlanState.Waiting, Slot: SlotProgress.Held } => PlanSagas.On(next, new SagaEvent.Checked(Verdict.Feasible), now),
            Guard.TroubleStops => next.State == PlanState.Applying ? next with { Trouble = null } : next,
            Guard.OrderOfSteps when next.State == PlanState.Applying => next with
            {
                Steps = [.. next.Steps.Select(step => step is { State: StepState.Pending, Kind: StepKind.Move } ? step with { State = StepState.Running } : step)],
            },
            Guard.SlotComesLast when next.State.IsEnd() && happened is SagaEvent.SlotReleased => next,
            Guard.WaitingEnds => next with { WaitsUntil = DateTimeOffset.MaxValue },
            _ => next,
        };
    }

    private static ImmutableArray<SagaCommand> Due(PlanSaga saga, Guard without)
    {
        var due = PlanSagas.Due(saga);
        return without switch
        {
            Guard.IntentOfTheSlot when saga is { State: PlanState.Waiting, Missing.IsEmpty: true, Slot: SlotProgress.None } => due.Add(new SagaCommand.ClaimSlot()),
            Guard.IntentOfPlaces when saga is { State: PlanState.Applying, Trouble: null } => due.AddRange(saga.Steps
                .Where(step => step is { Kind: StepKind.Start, State: StepState.Pending } && !saga.Places.ContainsKey(step.To!.Value.Site)
                    && saga.Steps.All(move => move.Kind != StepKind.Move || move.HasEnded))
                .Select(step => new SagaCommand.KeepPlaces(step.To!.Value.Site))),
            Guard.SlotComesLast when saga is { IsTold: false, Slot: SlotProgress.Held } && saga.State.IsEnd() => due.Add(new SagaCommand.ReleaseSlot()),
            Guard.ApprovalsAreDropped => [.. due.Where(command => command is not SagaCommand.DropApproval)],
            _ => due,
        };
    }

    private sealed record Act(ActKind Kind, int Which, CallEnd End, Answer Answer)
    {
        public static Act Plain { get; } = new(ActKind.Work, 0, CallEnd.Good, Answer.Comes);
    }
}
