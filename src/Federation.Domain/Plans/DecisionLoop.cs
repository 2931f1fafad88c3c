using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Domain.Plans;

/// <summary>
/// When an application's placement is looked at, and what follows: margins, persistence, cool-down, leaving in time, what is proposed and
/// what is applied without being asked for. Pure; the service and the backtest run it.
/// </summary>
/// <remarks>
/// One evaluation is <see cref="Decide"/>; its orders are carried out; <see cref="Proposed"/>, <see cref="Started"/> and <see cref="Ended"/>
/// tell the loop what came of them; <see cref="LookAgain"/> says when it is next.
/// </remarks>
public static class DecisionLoop
{
    /// <summary>Decides for one application at one moment.</summary>
    /// <param name="policy">When VMs move unasked.</param>
    /// <param name="state">What the loop remembers.</param>
    /// <param name="view">The world, as of <see cref="PlacementView.Now"/>.</param>
    /// <param name="trigger">Why it looks.</param>
    /// <param name="plan">Makes a plan of a view: the planner with its solver.</param>
    public static Decision Decide(
        MovePolicy policy, DecisionState state, PlacementView view, DecisionTrigger trigger, Func<PlacementView, Plan> plan)
    {
        if (!Looks(state, view, trigger))
        {
            return Decision.None(state);
        }

        if (trigger == DecisionTrigger.Asked)
        {
            var asked = WithUndone(state, plan(view));
            var waits = asked.Wanted is null ? Hysteresis.Consider(state.History, policy, asked, view.Application.Moves.PerDay).Timing.Waits : [];
            return new(state, asked, [new(asked with { Waits = waits }, Applies: false)], waits);
        }

        var made = WithUndone(state, plan(view with { CoolingDown = Still(policy, state, view) }));
        var (history, timing) = Hysteresis.Consider(state.History, policy, made, view.Application.Moves.PerDay);
        var next = state with { History = Hysteresis.Trim(history, policy, view.Now), NextEvent = made.NextEvent };
        return made.Decision == PlanDecision.Stay
            ? new(next with { Departure = null }, made, [], []) { NeedNotLeave = state.Departure is not null && IsTimeToLeave(state, view.Now) }
            : new(next, made, Orders(policy, state, view, made, timing), timing.Waits);
    }

    /// <summary>Whether a plan does the same moves from the same description as one that was proposed and not applied.</summary>
    public static bool IsKnown(DecisionState state, Plan plan, long revision) =>
        state.Newest is { } newest && newest.Revision == revision && newest.Course == CourseOf(plan);

    /// <summary>Notes that a plan was proposed.</summary>
    public static DecisionState Proposed(DecisionState state, PlanId id, Plan plan, long revision) =>
        state with { Newest = new(id, revision, CourseOf(plan)) };

    /// <summary>Notes that the start of a plan was ordered, and whether it waits for approvals yet.</summary>
    public static DecisionState Started(DecisionState state, PlanId id, bool waits) => state with
    {
        UnderWay = waits ? state.UnderWay : id,
        Newest = state.Newest is { } newest && newest.Id == id ? newest with { IsStarted = true } : state.Newest,
    };

    /// <summary>
    /// Notes how a plan ended: only VMs that have moved cool down, however the plan ended, and a gain has to persist anew; a plan that was not
    /// applied in full does not take back what has to be left in time.
    /// </summary>
    /// <param name="state">What the loop remembers.</param>
    /// <param name="id">The plan's id.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="moved">The VMs that have moved, whether there and back or once.</param>
    /// <param name="now">When it ended.</param>
    public static DecisionState Ended(DecisionState state, PlanId id, Plan plan, PlanState outcome, IReadOnlyCollection<VmId> moved, DateTimeOffset now)
    {
        var tried = outcome is PlanState.Applied or PlanState.Failed || moved.Count > 0;
        return state with
        {
            UnderWay = state.UnderWay == id ? null : state.UnderWay,
            History = tried ? Hysteresis.Moved(state.History, moved, now) : state.History,
            Lost = outcome == PlanState.Applied ? state.Lost.Except(plan.Placement.Select(vm => vm.Vm)) : state.Lost,
            Wanted = outcome == PlanState.Applied ? WantedAfter(state, id, plan, moved) : state.Wanted,
            Departure = outcome != PlanState.Applied ? state.Departure : plan.LeaveAt is null ? null : plan,
            NextEvent = plan.NextEvent is { } known && known > now ? known : state.NextEvent,
            Newest = state.Newest is not { } newest || newest.Id != id ? state.Newest
                : outcome is PlanState.Rejected or PlanState.Cancelled ? newest with { IsOpen = false }
                : null,
        };
    }

    /// <summary>Forgets a VM that has left the application: nothing moves it later. The same object if nothing would have.</summary>
    public static DecisionState Without(DecisionState state, VmId vm)
    {
        var departure = state.Departure is { } planned && planned.Placement.Any(placed => placed.Vm == vm) ? LeavingInTime.Without(planned, vm) : state.Departure;
        return ReferenceEquals(departure, state.Departure) && !state.Lost.Contains(vm) && !state.History.LastMoves.ContainsKey(vm) && !state.Wanted.ContainsKey(vm) ? state : state with
        {
            Departure = departure,
            Wanted = state.Wanted.Remove(vm),
            Lost = state.Lost.Remove(vm),
            History = state.History with { LastMoves = state.History.LastMoves.Remove(vm) },
        };
    }

    /// <summary>Notes that VMs were lost where they ran: where the application allows restarts, they are started anew. Known already: the same object.</summary>
    public static DecisionState WithLost(DecisionState state, IEnumerable<VmId> vms) =>
        state.Lost.Union(vms) is var lost && lost.Count > state.Lost.Count ? state with { Lost = lost } : state;

    /// <summary>
    /// When to look again though nothing else happens: in the next window while a gain has to persist, when it is time for later moves, and when the
    /// world is next known to change; null: nothing to wait for.
    /// </summary>
    public static (DateTimeOffset At, DecisionTrigger Why)? LookAgain(DecisionState state, DateTimeOffset now)
    {
        (DateTimeOffset? At, DecisionTrigger Why)[] reasons =
        [
            (state.Departure?.LeaveAt, DecisionTrigger.LeaveDue),
            (state.History.Pending is null ? null : Window.Containing(now).End, DecisionTrigger.GainSeen),
            (state.NextEvent, DecisionTrigger.EventDue),
        ];
        var first = reasons.Where(reason => reason.At > now).OrderBy(reason => reason.At).FirstOrDefault();
        return first.At is { } at ? (at, first.Why) : null;
    }

    // Unasked, VMs that are nowhere are placed on arrival only; two plans of an application are never under way at once.
    private static bool Looks(DecisionState state, PlacementView view, DecisionTrigger trigger) => trigger == DecisionTrigger.Asked
        || (state.UnderWay is null
            && (trigger != DecisionTrigger.LeaveDue || IsTimeToLeave(state, view.Now))
            && (trigger == DecisionTrigger.Arrived || view.Application.Vms.All(vm => vm.At is not null) || Restarts(state, view)));

    // Nobody but what was lost is nowhere: what never ran is started by its owner.
    private static bool Restarts(DecisionState state, PlacementView view) =>
        view.Application.Restart && view.Application.Vms.Any(vm => vm.At is null) && view.Application.Vms.All(vm => vm.At is not null || state.Lost.Contains(vm.Id));

    // A gain has to persist before VMs move for it, and those that are nowhere or cannot stay do not wait for that: unasked, they move while all others stay.
    private static ImmutableSortedDictionary<VmId, DateTimeOffset> Still(MovePolicy policy, DecisionState state, PlacementView view)
    {
        var vms = view.Application.Vms;
        var loose = Unsettled.Of(new(view), closes: false);
        return loose.IsEmpty || loose.Count == vms.Length
            ? Hysteresis.CoolingDown(state.History, policy, view.Now)
            : vms.Where((_, i) => !loose.Contains(i)).ToImmutableSortedDictionary(vm => vm.Id, _ => DateTimeOffset.MaxValue);
    }

    private static bool IsTimeToLeave(DecisionState state, DateTimeOffset now) => state.Departure?.LeaveAt is { } at && at <= now;

    // Nothing to do now, and later the same as a plan that was applied has.
    private static bool IsHeld(DecisionState state, Plan made) => state.Departure is { } held && made is { Steps.IsEmpty: true, Decision: PlanDecision.Migrate, LeaveAt: not null }
        && made.Later.Select(step => (step.Vm, step.From, step.To)).ToHashSet().SetEquals(held.Later.Select(step => (step.Vm, step.From, step.To)));

    // Planned anew from the world as it is; if that leads nowhere, as it was planned: what closes does not wait.
    private static ImmutableArray<PlanOrder> Orders(MovePolicy policy, DecisionState state, PlacementView view, Plan made, MoveTiming timing)
    {
        var leaves = IsTimeToLeave(state, view.Now);
        var orders = ImmutableArray.CreateBuilder<PlanOrder>(2);
        if (timing.IsDue || made.Decision != PlanDecision.Migrate)
        {
            var restarts = made.Decision == PlanDecision.Place && Restarts(state, view);
            var applies = restarts || (timing.IsDue && (policy.AppliesPlans || leaves));
            if (!leaves && IsHeld(state, made))
            {
                // What was applied is being held to: nothing new is to be proposed.
            }
            else if (!IsKnown(state, made, view.Revision))
            {
                orders.Add(new(made, applies));
            }
            else if (applies && state.Newest is { IsOpen: true } known && (restarts || !known.IsStarted))
            {
                orders.Add(new(made, Applies: true, known.Id));
            }
        }

        if (leaves)
        {
            orders.Add(new(LeavingInTime.Departure(state.Departure!, view.Now), Applies: true, Departs: true));
        }

        return orders.DrainToImmutable();
    }

    // A VM that has moved is where the newest plan wanted it, or nobody did.
    private static ImmutableSortedDictionary<VmId, WantedPlace> WantedAfter(DecisionState state, PlanId id, Plan plan, IReadOnlyCollection<VmId> moved) =>
        plan.Wanted is { } wanted ? state.Wanted.SetItems(moved.Select(vm => KeyValuePair.Create(vm, new WantedPlace(wanted.Site, id))))
            : state.Wanted.RemoveRange(moved.Where(vm => plan.Steps.Any(step => step.Vm == vm && !step.IsWithinSite)));

    // What somebody wanted is not undone without a word.
    private static Plan WithUndone(DecisionState state, Plan plan) => plan.Wanted is not null || state.Wanted.IsEmpty ? plan : plan with
    {
        Why =
        [
            .. plan.Why,
            .. from step in plan.Steps
               where state.Wanted.ContainsKey(step.Vm)
               let place = state.Wanted[step.Vm]
               where step.From.Site == place.Site && !step.IsWithinSite
               select new PlanReason.LeavesWanted(step.Vm, place.Site, place.By),
        ],
    };

    // The moves and where they lead; what they cost and gain goes on changing.
    private static string CourseOf(Plan plan)
    {
        var text = new StringBuilder().Append(plan.Decision).Append(plan.LeaveAt is null);
        foreach (var vm in plan.Placement)
        {
            text.Append('\n').Append(vm.Vm).Append('@').Append(vm.Location);
        }

        // When it is time for what comes later changes with every look; what moves then tells plans apart.
        foreach (var step in plan.Steps.Concat(plan.Later).Concat(plan.Then.SelectMany(later => later.Steps)))
        {
            text.Append('\n').Append(step.Vm).Append(':').Append(step.From).Append('>').Append(step.To);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
