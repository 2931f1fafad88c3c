using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <summary>What an application's placement does later, by itself: it looks again at gains, and leaves in time what closes.</summary>
public sealed partial class PlacementGrain
{
    /// <inheritdoc/>
    public async Task Reevaluate(string cause)
    {
        if (state.State.Applying is not null
            || await View(policy.Value.TrafficWindows) is not { } view
            || view.Application.Vms.Any(vm => vm.At is null))
        {
            return;
        }

        view = view with { CoolingDown = Hysteresis.CoolingDown(state.State.History, policy.Value, view.Now) };
        var plan = await Solve(view, new(null, null, null, null), PlanDetail.Nearby, CancellationToken.None);
        var (history, timing) = Hysteresis.Consider(state.State.History, policy.Value, plan);
        state.State.History = Hysteresis.Trim(history, policy.Value, view.Now);
        if (plan.Decision == PlanDecision.Stay || IsKnown(plan, view))
        {
            return;
        }

        if (!timing.IsDue && plan.Decision == PlanDecision.Migrate)
        {
            await state.WriteStateAsync();
            Watch(Window.Length);
            return;
        }

        var record = await Propose(view, plan, cause);
        if (policy.Value.AppliesPlans && timing.IsDue)
        {
            await Apply(record.Id, []);
        }
    }

    // The same placement in the same world was proposed before.
    private bool IsKnown(Plan plan, PlacementView view) =>
        state.State.Plans.LastOrDefault(record => record.State == PlanState.Proposed) is { } newest
        && newest.Plan.Placement.Select(vm => vm.Location).SequenceEqual(plan.Placement.Select(vm => vm.Location))
        && newest.Plan.LeaveAt is null == plan.LeaveAt is null
        && WorldChange.Between(newest.View, view).IsEmpty;

    // A gain that has to persist is looked at again when the next window begins.
    private void Watch(TimeSpan after)
    {
        watch?.Dispose();
        watch = this.RegisterGrainTimer(
            _ => Reevaluate("moving has paid for a while"), new() { DueTime = after, Period = Timeout.InfiniteTimeSpan, KeepAlive = true });
    }

    // A timer is on time, a reminder survives a restart.
    private async Task WaitToLeave()
    {
        leaving?.Dispose();
        leaving = null;
        if (state.State.Departure is not { } departure)
        {
            await Forget(LeaveReminderName);
            return;
        }

        var wait = departure.At - clock.GetUtcNow();
        wait = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        await this.RegisterOrUpdateReminder(LeaveReminderName, wait, LeaveRetry);
        leaving = this.RegisterGrainTimer(_ => Leave(), new() { DueTime = wait, Period = LeaveRetry, KeepAlive = true });
    }

    // Planned anew from the world as it is; if that leads nowhere, as it was planned: what closes does not wait.
    private async Task Leave()
    {
        if (state.State.Departure is not { } departure || state.State.Applying is not null || clock.GetUtcNow() < departure.At
            || await View(policy.Value.TrafficWindows) is not { } view)
        {
            return;
        }

        var plan = await Solve(view, new(null, null, null, null), PlanDetail.Nearby, CancellationToken.None);
        if (plan.Decision == PlanDecision.Stay)
        {
            state.State.Departure = null;
            await state.WriteStateAsync();
            await events.Record("plan.leaving", $"{Id} need not leave any more: {plan.Why[0]}", Id);
            await WaitToLeave();
            return;
        }

        var outcome = plan.Decision == PlanDecision.Migrate
            ? await Apply((await Propose(view, plan, "time to leave")).Id, departure.Approvals)
            : null;
        if (outcome is not { Kind: ApplyKind.Started } && state.State.Find(departure.Plan) is { } planned)
        {
            var stored = LeavingInTime.Departure(planned.Plan, view.Now);
            await Apply((await Propose(view, stored, "time to leave, as planned")).Id, departure.Approvals);
        }
    }

    private async Task Forget(string reminder)
    {
        if (await this.GetReminder(reminder) is { } known)
        {
            await this.UnregisterReminder(known);
        }
    }
}
