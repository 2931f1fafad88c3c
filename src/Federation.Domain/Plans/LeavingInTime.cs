using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Plans;

/// <summary>What a plan that leaves in time says about the later moves.</summary>
public static class LeavingInTime
{
    /// <summary>
    /// The later moves as a plan of their own, for when they are due and planning anew finds nothing better: as they were planned, whatever
    /// has changed since.
    /// </summary>
    /// <exception cref="ArgumentException">The plan has no later moves.</exception>
    public static Plan Departure(Plan plan, DateTimeOffset now) => plan.LeaveAt is not { } at
        ? throw new ArgumentException("the plan has no later moves", nameof(plan))
        : plan with
        {
            MadeAt = now,
            Decision = PlanDecision.Migrate,
            IsForced = true,
            Placement = [.. plan.Placement.Select(vm => vm with { Location = EndOf(plan.Later, vm) })],
            Steps = plan.Later,
            Later = [],
            LeaveAt = null,
            RunSecondsThere = Math.Max(0, plan.After!.Value.RunSeconds - (at - plan.MadeAt).TotalSeconds),
            Why = [new PlanReason.LeavesInTime()],
        };

    /// <summary>A plan with later moves without one of its VMs; null: nothing else leaves.</summary>
    public static Plan? Without(Plan plan, VmId vm)
    {
        ImmutableArray<MigrationStep> later = [.. plan.Later.Where(step => step.Vm != vm)];
        return later.IsEmpty ? null : plan with
        {
            Later = later,
            Steps = [.. plan.Steps.Where(step => step.Vm != vm)],
            Placement = [.. plan.Placement.Where(placed => placed.Vm != vm)],
        };
    }

    /// <summary>How long a VM is at a location under a plan, in seconds from the moment of planning.</summary>
    public static double SecondsAt(Plan plan, VmId vm, Location at)
    {
        var whole = plan.After!.Value.TimeSeconds;
        if (plan.LeaveAt is not { } leaves)
        {
            return whole;
        }

        var before = (leaves - plan.MadeAt).TotalSeconds;
        return plan.Later.FirstOrDefault(step => step.Vm == vm && step.From == at) is { } leaving ? before + leaving.EndSeconds : whole;
    }

    private static Location EndOf(ImmutableArray<MigrationStep> steps, PlannedVm vm) =>
        steps.LastOrDefault(step => step.Vm == vm.Vm)?.To ?? vm.Location;
}
