using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IPlacementGrain"/>
public sealed partial class PlacementGrain(
    [PersistentState("placement", GrainStateSerializer.StorageName)] IPersistentState<PlacementStored> state,
    IHypervisor hypervisor,
    EventRecorder events,
    TimeProvider clock,
    IOptions<MovePolicy> policy,
    ILogger<PlacementGrain> log) : Grain, IPlacementGrain, IRemindable
{
    private const string ReminderName = "reevaluate";
    private const string LeaveReminderName = "leave";
    private static readonly TimeSpan ReevaluateEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LeaveRetry = TimeSpan.FromMinutes(1);

    private IGrainTimer? worker;
    private IGrainTimer? watch;
    private IGrainTimer? leaving;

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    private PlanExecution Execution => new(GrainFactory, hypervisor, clock);

    /// <inheritdoc/>
    public async Task<StoredPlan?> Plan(PlanRequest request, CancellationToken cancel)
    {
        if (await View(request.Windows ?? policy.Value.TrafficWindows) is not { } view)
        {
            return null;
        }

        var plan = await Solve(view, request, PlanDetail.Full, cancel);
        var waits = Hysteresis.Consider(state.State.History, policy.Value, plan).Timing.Waits;
        return (await Propose(view, plan with { Waits = waits }, "asked for")).Stored;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredPlan>> Plans() =>
        Task.FromResult(state.State.Plans.Select(record => record.Stored).ToImmutableArray());

    /// <inheritdoc/>
    public Task<PlacementView?> View(PlanId plan) => Task.FromResult(state.State.Find(plan)?.View);

    /// <inheritdoc/>
    public async Task<ApplyOutcome> Apply(PlanId plan, ImmutableArray<SiteId> approvals)
    {
        if (state.State.Find(plan) is not { } record)
        {
            return new(ApplyKind.Unknown, null, $"there is no plan {plan}", []);
        }

        if (Settled(record) is { } settled)
        {
            return settled;
        }

        var now = await View(policy.Value.TrafficWindows);
        var changes = now is null ? [$"application {Id} was deleted"] : WorldChange.Between(record.View, now);
        if (!changes.IsEmpty)
        {
            return new(ApplyKind.Stale, record.Stored, $"the world has changed since plan {plan} was made: make a new one", changes);
        }

        if (state.State.Applying is { } busy)
        {
            return new(ApplyKind.Refused, record.Stored, $"plan {busy.Id} is being applied: wait until it has ended", []);
        }

        var missing = SitesThatApprove(record).Except(approvals).ToList();
        if (missing.Count > 0)
        {
            return new(ApplyKind.Refused, record.Stored, $"plan {plan} needs the approval of {string.Join(", ", missing)}", []);
        }

        // Stored before anything is done: from here on a restart goes on with it.
        record = state.State.Set(record, PlanState.Applying);
        state.State.Approvals = approvals;
        await state.WriteStateAsync();
        await this.RegisterOrUpdateReminder(ReminderName, ReevaluateEvery, ReevaluateEvery);
        if ((await GrainFactory.Application(Id).BeginPlan(plan)).Refusal is { } refusal)
        {
            record = state.State.Set(record, PlanState.Proposed);
            await state.WriteStateAsync();
            return new(ApplyKind.Refused, record.Stored, RefusalText.Of(refusal), []);
        }

        await events.Record("plan.applying", $"plan {plan} is being applied: {record.Plan.Decision} {Id}", Id);
        StartWork();
        return new(ApplyKind.Started, record.Stored, $"plan {plan} is being applied", []);
    }

    /// <inheritdoc/>
    public Task Resume()
    {
        if (state.State.Applying is not null)
        {
            StartWork();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task MigrationEnded(PlanId plan) => Resume();

    /// <inheritdoc/>
    public async Task<ImmutableArray<MigrationState>> Migrations()
    {
        var ids = state.State.Plans.Where(record => record.State != PlanState.Proposed)
            .SelectMany(record => record.Plan.Steps.Select((_, step) => PlanExecution.MigrationId(record, step)));
        var migrations = await Task.WhenAll(ids.Select(id => GrainFactory.Migration(id).Get()));
        return [.. migrations.OfType<MigrationState>()];
    }

    /// <inheritdoc/>
    public async Task<bool> Delete()
    {
        if (state.State.Applying is not null)
        {
            return false;
        }

        await Forget(ReminderName);
        await Forget(LeaveReminderName);

        // The count goes on, so that a plan's name, and a migration's, is never used twice.
        (state.State.Plans, state.State.History, state.State.Departure) = ([], new(), null);
        await state.WriteStateAsync();
        return true;
    }

    /// <inheritdoc/>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await Resume();
        if (reminderName == LeaveReminderName)
        {
            await Leave();
        }
        else
        {
            await Reevaluate("time has passed");
        }
    }

    private static ApplyOutcome? Settled(PlacementRecord record) => (record.State, record.Plan.Decision) switch
    {
        (PlanState.Applied, _) => new(ApplyKind.NothingToDo, record.Stored, $"plan {record.Id} was applied before", []),
        (PlanState.Applying, _) => new(ApplyKind.NothingToDo, record.Stored, $"plan {record.Id} is being applied already", []),
        (PlanState.Failed, _) => new(ApplyKind.Refused, record.Stored, $"plan {record.Id} has failed: make a new one", []),
        (_, PlanDecision.Stay) => new(ApplyKind.NothingToDo, record.Stored, $"plan {record.Id} is to stay: there is nothing to do", []),
        (_, PlanDecision.Infeasible) => new(ApplyKind.Refused, record.Stored, $"plan {record.Id} is infeasible: there is nothing to apply", []),
        _ => null,
    };

    private static IEnumerable<SiteId> SitesThatApprove(PlacementRecord record)
    {
        var arriving = record.View.Application.Vms.Zip(record.Plan.Placement)
            .Where(pair => pair.First.At?.Site != pair.Second.Location.Site).Select(pair => pair.Second.Location.Site)
            .Concat(record.Plan.Steps.Concat(record.Plan.Later).Select(step => step.To.Site)).ToHashSet();
        return record.View.Sites.Where(site => site.Policy.ManualApproval && arriving.Contains(site.Id)).Select(site => site.Id);
    }

    private async Task<PlacementRecord> Propose(PlacementView view, Plan plan, string cause)
    {
        var record = state.State.Add(plan, view);
        await state.WriteStateAsync();
        await events.Record("plan.proposed", $"plan {record.Id} ({cause}): {plan.Decision}: {plan.Why[0]}", Id);
        return record;
    }

    private void StartWork()
    {
        worker ??= this.RegisterGrainTimer(Work, new() { DueTime = TimeSpan.Zero, Period = RetryEvery, KeepAlive = true });
        worker.Change(TimeSpan.Zero, RetryEvery);
    }

    private async Task Work(CancellationToken cancel)
    {
        if (state.State.Applying is { } record)
        {
            PlanExecution.Progress progress;
            try
            {
                // Again: a crash may have come before the application was claimed.
                progress = (await GrainFactory.Application(Id).BeginPlan(record.Id)).Refusal is { } refusal
                    ? new(IsDone: false, refusal)
                    : await Execution.Continue(record);
            }
            catch (HypervisorException fault)
            {
                LogExecutionFailed(fault, record.Id);
                progress = new(IsDone: false, Refusal.Hypervisor(fault.Message));
            }

            if (progress is { IsDone: false, Failure: null })
            {
                return;
            }

            if (progress.IsDone)
            {
                await GrainFactory.Application(Id).RunsOn(TimeSpan.FromSeconds(record.Plan.RunSecondsThere));
            }

            // What has moved cools down also where the rest of the plan has failed.
            state.State.History = Hysteresis.Moved(state.State.History, record.Plan.Steps.Select(step => step.Vm), clock.GetUtcNow());
            if (progress.IsDone)
            {
                // A plan that has failed does not take back what has to be left in time.
                state.State.Departure = record.Plan.LeaveAt is { } at ? new(record.Id, at, state.State.Approvals) : null;
            }

            state.State.Set(record, progress.IsDone ? PlanState.Applied : PlanState.Failed);
            await state.WriteStateAsync(CancellationToken.None);
            await GrainFactory.Application(Id).EndPlan(record.Id);
            await WaitToLeave();
            await events.Record(
                progress.IsDone ? "plan.applied" : "plan.failed",
                progress.IsDone ? $"plan {record.Id} was applied" : $"plan {record.Id} failed: {progress.Failure}",
                Id);
        }

        worker?.Dispose();
        worker = null;
    }

    [LoggerMessage(3001, LogLevel.Warning, "Plan {Plan} failed")]
    private partial void LogExecutionFailed(Exception fault, PlanId plan);
}
