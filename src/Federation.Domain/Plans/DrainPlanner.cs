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
                drain.Targets is { } targets
                    ? new PlanReason.AdvisedBySite(drain.Site, drain.Host, NameList.Of(within.Select(step => $"{step.Vm} to {targets[step.Vm]}")), NameList.Of(stuck ? [] : leaving))
                    : new PlanReason.DrainsHost(drain.Site, drain.Host, NameList.Of(within.Select(step => step.Vm)), NameList.Of(stuck ? [] : leaving)),
                .. stuck && drain.Targets is null ? [new PlanReason.CannotLeave(drain.Site, drain.Host, NameList.Of(leaving))] : Array.Empty<PlanReason>(),
                .. Remarks(rest, drain, within),
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
        return view with { Application = view.Application with { Restarts = null, Vms = [.. view.Application.Vms.Select(Bound)] }, CoolingDown = view.CoolingDown.Clear() };
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
        var moves = view.Sites.First(site => site.Id == drain.Site).Policy.Moves;
        foreach (var vm in view.Application.Vms.Where(vm => drain.Within.Contains(vm.Id) && vm.At?.Site == drain.Site))
        {
            if (Prospects(view, drain.Site, vm).Best() is { } estimate)
            {
                var lane = Array.IndexOf(ends, ends.Min());
                yield return new(vm.Id, vm.At!.Value, vm.At.Value, estimate)
                {
                    StartSeconds = ends[lane],
                    Terms = new MoveTerms(view.Application.Moves, moves, moves).Of(!estimate.IsCold, estimate.DowntimeSeconds),
                };
                ends[lane] += estimate.DurationSeconds;
            }
        }
    }

    // Those that stay, those that move cold and those that are slowed down; with the same reason together.
    private static IEnumerable<PlanReason> Remarks(PlacementView view, HostDrain drain, ImmutableArray<MigrationStep> steps)
    {
        var unusual = view.Application.Vms.Where(vm => drain.Within.Contains(vm.Id) && vm.At?.Site == drain.Site).Select(vm =>
        {
            var step = steps.FirstOrDefault(step => step.Vm == vm.Id);
            return (vm.Id, Step: step, Why: step switch
            {
                { Estimate.IsCold: false } => null,
                null => Prospects(view, drain.Site, vm).Against(),
                _ => Prospects(view, drain.Site, vm).AgainstLive(),
            });
        }).Where(move => move.Why is not null || move.Step!.Estimate.LostSeconds > 0);
        foreach (var alike in unusual.GroupBy(move => (move.Why?.Code, Moves: move.Step is not null)))
        {
            var vms = NameList.Of(alike.Select(move => move.Id));
            var (downtime, lost) = (alike.Max(move => move.Step?.Estimate.DowntimeSeconds ?? 0), alike.Max(move => move.Step?.Estimate.LostSeconds ?? 0));
            yield return alike.First().Why is not { } why ? new PlanReason.SlowsDown(vms, drain.Site, drain.Site, lost)
                : alike.Key.Moves ? new PlanReason.MovesCold(vms, drain.Site, drain.Site, why, downtime, lost)
                : new PlanReason.StaysOnHost(drain.Site, vms, why);
        }
    }

    /// <summary>How a VM moves from host to host of its site.</summary>
    public static MoveProspects Prospects(PlacementView view, SiteId at, VmSpec vm)
    {
        var site = view.Sites.First(site => site.Id == at);
        return new(vm, view.Application, site, site, new(site.Network.LatencySeconds, site.Network.BytesPerSecond, 0), view.PreCopy);
    }
}
