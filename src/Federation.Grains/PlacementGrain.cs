using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Grains.Solving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IPlacementGrain"/>
/// <remarks>Holds no rule: when to look, and what follows, is for <see cref="DecisionLoop"/> to say; a plan's own life is its grain's.</remarks>
public sealed partial class PlacementGrain(
    [PersistentState("placement", GrainStateSerializer.StorageName)] IPersistentState<PlacementGrain.Stored> state,
    EventRecorder events,
    TimeProvider clock,
    IOptions<MovePolicy> policy,
    SolverPool solvers,
    SiteViews sites,
    ILogger<PlacementGrain> log) : Grain, IPlacementGrain, IRemindable, IDisposable
{
    private const string ReminderName = "reevaluate";
    private const string LeaveReminderName = "leave";
    private static readonly TimeSpan ReevaluateEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeaveRetry = TimeSpan.FromMinutes(1);

    private IGrainTimer? watch;

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        BeginStored();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // What is stored goes on with the next activation.
        foreach (var run in asked.Values.Append(look).OfType<SolveRun>())
        {
            run.Dispose();
        }
    }

    /// <inheritdoc/>
    public async Task Watch()
    {
        await this.RegisterOrUpdateReminder(ReminderName, ReevaluateEvery, ReevaluateEvery);
        // From here on they cost something. What this look misses, the next one adds up.
        GrainFactory.Costs(Id).Look().Ignore();
    }

    /// <inheritdoc/>
    public async Task PlanStarted(PlanId plan, PlanState how)
    {
        state.State.Loop = DecisionLoop.Started(state.State.Loop, plan, waits: how == PlanState.Waiting);
        state.State.Open = state.State.Open.SetItem(plan.Number, how);
        await this.Store(state);
        if (how == PlanState.Applying)
        {
            await Watch();
        }

        // The VMs will not be where the others have them; and of two that were started the later one is meant.
        foreach (var (number, _) in state.State.Open.Where(other => other.Key != plan.Number && (how == PlanState.Applying || other.Value == PlanState.Waiting)))
        {
            GrainFactory.Plan(new(Id, number)).Supersede(plan).Ignore();
        }
    }

    /// <inheritdoc/>
    public async Task PlanEnded(PlanId plan, Plan what, PlanState how, ImmutableArray<VmId> moved)
    {
        state.State.Loop = DecisionLoop.Ended(state.State.Loop, plan, what, how, moved, clock.GetUtcNow());
        state.State.Open = state.State.Open.Remove(plan.Number);
        await this.Store(state);
        // Not waited for: the plan, which waits for this answer, is asked for its moves.
        GrainFactory.Costs(Id).PlanEnded(plan).Ignore();
        await LookAgain();
        // After a start that has failed it is looked as time passes: what stood in its way is there yet.
        if (!state.State.Loop.Lost.IsEmpty && (how != PlanState.Failed || what.Decision != PlanDecision.Place))
        {
            await Reevaluate(DecisionTrigger.VmsLost);
        }
    }

    /// <inheritdoc/>
    public async Task Resume()
    {
        BeginStored();
        foreach (var number in state.State.Open.Keys)
        {
            GrainFactory.Plan(new(Id, number)).Resume().Ignore();
        }

        await LookAgain();
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredPlan>> Plans(PlanPage page)
    {
        var numbers = page.Waiting
            ? state.State.Open.Where(plan => plan.Value == PlanState.Waiting).Select(plan => plan.Key)
            : Enumerable.Range(1, state.State.LastNumber);
        var wanted = numbers.Where(number => page.Before is not { } before || number < before).TakeLast(Math.Clamp(page.Limit, 1, PlanPage.MostPlans));
        var plans = await Task.WhenAll(wanted.Select(number => GrainFactory.Plan(new(Id, number)).Get()));
        return [.. plans.OfType<StoredPlan>().Where(plan => !page.Waiting || plan.State == PlanState.Waiting)];
    }

    /// <inheritdoc/>
    public async Task ForgetWorlds()
    {
        foreach (var some in Enumerable.Range(1, state.State.LastNumber).Chunk(PlanPage.MostPlans))
        {
            await Task.WhenAll(some.Select(number => GrainFactory.Plan(new(Id, number)).ForgetWorld()));
        }
    }

    /// <inheritdoc/>
    public async Task VmRemoved(VmId vm)
    {
        var loop = DecisionLoop.Without(state.State.Loop, vm);
        if (!ReferenceEquals(loop, state.State.Loop))
        {
            state.State.Loop = loop;
            await this.Store(state);
            await LookAgain();
        }
    }

    /// <inheritdoc/>
    public async Task VmsLost(ImmutableArray<VmId> vms)
    {
        var loop = DecisionLoop.WithLost(state.State.Loop, vms);
        if (!ReferenceEquals(loop, state.State.Loop))
        {
            state.State.Loop = loop;
            await this.Store(state);
        }

        await Reevaluate(DecisionTrigger.VmsLost);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<PlanId>> CountingOn(SiteId site) =>
        [.. (await Touching(site)).Where(plan => plan.State is PlanState.Waiting or PlanState.Applying).Select(plan => plan.Id)];

    /// <inheritdoc/>
    public async Task SiteDeleted(SiteId site)
    {
        var proposed = (await Touching(site)).Where(plan => plan.State == PlanState.Proposed).ToList();
        foreach (var plan in proposed)
        {
            GrainFactory.Plan(plan.Id).Outdate(Refusal.SiteUnknown(site)).Ignore();
        }

        var leadsThere = state.State.Loop.Departure?.Later.Any(step => step.To.Site == site) == true;
        if (proposed.Count > 0 || leadsThere)
        {
            await GrainFactory.Reevaluation().Want([new(Id, Worth: 0)]);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (state.State.Loop.UnderWay is not null)
        {
            return false;
        }

        foreach (var number in state.State.Asked.Keys)
        {
            await NotMade(number, Refusal.ApplicationDeleted(Id));
        }

        foreach (var number in state.State.Open.Keys)
        {
            GrainFactory.Plan(new(Id, number)).Outdate(Refusal.ApplicationDeleted(Id)).Ignore();
        }

        look?.Dispose();
        (look, wanted) = (null, wanted.Clear());
        BeginLook();
        await this.Forget(ReminderName);
        await this.Forget(LeaveReminderName);
        // The count goes on, so that a plan's name, and a migration's, is never used twice.
        (state.State.Loop, state.State.Open) = (new(), state.State.Open.Clear());
        await this.Store(state);
        return true;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Resume();
        GrainFactory.Costs(Id).Look().Ignore();
        await Reevaluate(reminderName == LeaveReminderName ? DecisionTrigger.LeaveDue : DecisionTrigger.TimePassed);
    }

    // The number is stored before the plan is kept under it: a crash leaves a gap, never two plans of one name. Done again, it keeps the same plan.
    private async Task<StoredPlan> Propose(PlanId id, PlacementView view, PlanOrder order, string cause)
    {
        if (!state.State.Open.ContainsKey(id.Number))
        {
            state.State.Open = state.State.Open.Add(id.Number, PlanState.Proposed);
            state.State.Loop = order.Departs ? state.State.Loop : DecisionLoop.Proposed(state.State.Loop, id, order.Plan, view.Revision);
            await this.Store(state);
            // Not waited for: the plan tells this grain that it has ended.
            foreach (var old in state.State.Open.Where(plan => plan.Value == PlanState.Proposed).Select(plan => plan.Key).SkipLast(Limits.Plans.Proposed))
            {
                GrainFactory.Plan(new(Id, old)).Supersede(id).Ignore();
            }
        }

        return await GrainFactory.Plan(id).Propose(new(order.Plan, view, cause, order.Departs));
    }

    // How far each is, the plan itself knows: this grain is told later.
    private async Task<IEnumerable<StoredPlan>> Touching(SiteId site)
    {
        var open = await Task.WhenAll(state.State.Open.Keys.Select(number => GrainFactory.Plan(new(Id, number)).Get()));
        return open.OfType<StoredPlan>().Where(plan => plan.Touches.Contains(site));
    }

    // A timer is on time, a reminder survives a restart.
    private async Task LookAgain()
    {
        watch?.Dispose();
        watch = null;
        var now = clock.GetUtcNow();
        if (DecisionLoop.LookAgain(state.State.Loop, now) is { } next)
        {
            watch = this.RegisterGrainTimer(
                _ => Reevaluate(next.Why), new() { DueTime = next.At - now, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
        }

        if (state.State.Loop.Departure?.LeaveAt is { } at)
        {
            await this.RegisterOrUpdateReminder(LeaveReminderName, at > now ? at - now : TimeSpan.Zero, LeaveRetry);
        }
        else
        {
            await this.Forget(LeaveReminderName);
        }
    }

    /// <summary>What is stored of an application's placement. Its plans are stored each on its own.</summary>
    public sealed class Stored
    {
        /// <summary>Counts plans.</summary>
        public int LastNumber { get; set; }

        /// <summary>The plans that were asked for and are not made yet, by number.</summary>
        public ImmutableSortedDictionary<int, AskedPlan> Asked { get; set; } = ImmutableSortedDictionary<int, AskedPlan>.Empty;

        /// <summary>Why plans that were asked for will not be made, by number; the newest hundred.</summary>
        public ImmutableSortedDictionary<int, Refusal> NotMade { get; set; } = ImmutableSortedDictionary<int, Refusal>.Empty;

        /// <summary>What the decision loop remembers.</summary>
        public DecisionState Loop { get; set; } = new();

        /// <summary>The plans that have not ended, by number.</summary>
        public ImmutableSortedDictionary<int, PlanState> Open { get; set; } = ImmutableSortedDictionary<int, PlanState>.Empty;
    }

    /// <summary>A plan that was asked for.</summary>
    /// <param name="Request">How.</param>
    /// <param name="At">When.</param>
    public sealed record AskedPlan(PlanRequest Request, DateTimeOffset At);
}
