using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Plans;

/// <summary>What a plan with later moves says about them.</summary>
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
            Later = plan.Then.IsEmpty ? [] : plan.Then[0].Steps,
            LeaveAt = plan.Then.IsEmpty ? null : plan.Then[0].At,
            Then = plan.Then.IsEmpty ? [] : plan.Then.RemoveAt(0),
            RunSecondsThere = Math.Max(0, plan.After!.Value.RunSeconds - (at - plan.MadeAt).TotalSeconds),
            Why = [new PlanReason.LeavesInTime()],
        };

    /// <summary>A plan with later moves without one of its VMs; null: nothing else moves later.</summary>
    public static Plan? Without(Plan plan, VmId vm)
    {
        ImmutableArray<LaterSteps> later =
        [
            .. plan.Then.Prepend(new(plan.LeaveAt!.Value, plan.Later)).Select(part => part with { Steps = [.. part.Steps.Where(step => step.Vm != vm)] }).Where(part => !part.Steps.IsEmpty),
        ];
        return later.IsEmpty ? null : plan with
        {
            LeaveAt = later[0].At,
            Later = later[0].Steps,
            Then = later.RemoveAt(0),
            Steps = [.. plan.Steps.Where(step => step.Vm != vm)],
            Placement = [.. plan.Placement.Where(placed => placed.Vm != vm)],
        };
    }

    /// <summary>How long a VM is at a location under a plan once it is there, in seconds: until it leaves it, or from the moment of planning to the end.</summary>
    public static double SecondsAt(Plan plan, VmId vm, Location at)
    {
        foreach (var later in plan.LeaveAt is { } leaves ? plan.Then.Prepend(new(leaves, plan.Later)) : [])
        {
            if (later.Steps.FirstOrDefault(step => step.Vm == vm && step.From == at) is { } leaving)
            {
                return (later.At - plan.MadeAt).TotalSeconds + leaving.EndSeconds;
            }
        }

        return plan.After!.Value.TimeSeconds;
    }

    private static Location EndOf(ImmutableArray<MigrationStep> steps, PlannedVm vm) =>
        steps.LastOrDefault(step => step.Vm == vm.Vm)?.To ?? vm.Location;
}
