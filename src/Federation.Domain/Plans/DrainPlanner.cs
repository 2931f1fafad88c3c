using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Plans that VMs leave a host: to another host of their site where one has room, else to another site; all other VMs stay.</summary>
internal static class DrainPlanner
{
    /// <summary>Plans it. Whether it pays does not matter; every other constraint does.</summary>
    /// <exception cref="ArgumentException">The view contradicts itself.</exception>
    public static Plan Plan(PlacementView view, HostDrain drain, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var rest = view with { Drain = null };
        var leaving = drain.Elsewhere.Where(vm => rest.Application.Vms.Any(spec => spec.Id == vm && spec.At?.Site == drain.Site)).ToImmutableArray();
        var elsewhere = leaving.IsEmpty ? null : Planner.Plan(Without(rest, drain.Site, leaving), solver, options, cancel);
        var stuck = elsewhere?.Decision == PlanDecision.Infeasible;
        var found = elsewhere is { } moves && !stuck ? moves : Staying(rest);
        ImmutableArray<MigrationStep> within = [.. Within(rest, drain, found.Steps.Select(step => step.EndSeconds).DefaultIfEmpty(0).Max())];
        ImmutableArray<VmId> slow = [.. drain.Within.Where(vm => within.All(step => step.Vm != vm))];
        return found with
        {
            Drain = drain,
            MadeAt = view.Now,
            IsForced = true,
            Decision = within.IsEmpty && found.Steps.IsEmpty ? PlanDecision.Infeasible : PlanDecision.Migrate,
            Steps = [.. found.Steps, .. within],
            Rejected = elsewhere?.Rejected ?? [],
            Why =
            [
                new PlanReason.DrainsHost(drain.Site, drain.Host, NameList.Of(within.Select(step => step.Vm)), NameList.Of(stuck ? [] : leaving)),
                .. stuck ? [new PlanReason.CannotLeave(drain.Site, drain.Host, NameList.Of(leaving))] : Array.Empty<PlanReason>(),
                .. slow.IsEmpty ? Array.Empty<PlanReason>() : [new PlanReason.RewritesTooFast(drain.Site, NameList.Of(slow))],
                .. elsewhere?.Why ?? [],
            ],
        };
    }

    // Nobody but those that leave the site moves, and what has to be at one site with them.
    private static PlacementView Without(PlacementView view, SiteId site, ImmutableArray<VmId> leaving)
    {
        var along = view.Application.Together.Where(set => set.Any(leaving.Contains)).SelectMany(set => set).ToHashSet();
        VmSpec Bound(VmSpec vm) => leaving.Contains(vm.Id) ? vm with { Sites = (vm.Sites ?? [.. view.Sites.Select(known => known.Id)]).Remove(site) }
            : vm.At is { } at && !along.Contains(vm.Id) ? vm with { Sites = [at.Site] }
            : vm;
        return view with { Application = view.Application with { Vms = [.. view.Application.Vms.Select(Bound)] }, CoolingDown = view.CoolingDown.Clear() };
    }

    private static Plan Staying(PlacementView view)
    {
        var problem = new PlacementProblem(view);
        var draft = new Plan
        {
            Application = view.Application.Id, Objective = view.Application.Objective, MadeAt = view.Now, Decision = PlanDecision.Migrate,
            Status = PlanStatus.Feasible, RunSecondsThere = view.Application.Remaining.TotalSeconds, Why = [],
            Placement = [.. view.Application.Vms.Where(vm => vm.At is not null).Select(vm => new PlannedVm(vm.Id, vm.At!.Value, default))],
        };
        return Evaluated.Staying(problem) is { Estimate: not null } stay
            ? PlanSteps.Fill(problem, Course.To(problem, stay), PlanDetail.Decision, draft with { Before = stay.Estimate, After = stay.Estimate })
            : draft;
    }

    // As many at once as may be over one link, after all that leave the site: a VM costs the same on each host.
    private static IEnumerable<MigrationStep> Within(PlacementView view, HostDrain drain, double from)
    {
        var ends = Enumerable.Repeat(from, view.MigrationsPerLink).ToArray();
        var network = view.Sites.First(site => site.Id == drain.Site).Network;
        foreach (var vm in view.Application.Vms.Where(vm => drain.Within.Contains(vm.Id) && vm.At?.Site == drain.Site))
        {
            if (PreCopy.Estimate(vm.MemoryBytes, vm.DirtyBytesPerSecond, network.BytesPerSecond, view.PreCopy) is { } estimate)
            {
                var lane = Array.IndexOf(ends, ends.Min());
                yield return new(vm.Id, vm.At!.Value, vm.At.Value, estimate) { StartSeconds = ends[lane] };
                ends[lane] += estimate.DurationSeconds;
            }
        }
    }
}
