using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Consolidation;

/// <summary>What of an application's VMs at a site its own rules let move to another host there. Holds lists: compared by reference.</summary>
/// <param name="Application">The application.</param>
/// <param name="Vms">Its VMs at the site, in its order.</param>
/// <param name="Left">How many of them may move by its <c>moves.perDay</c>; null: any number.</param>
/// <param name="Apart">The sets of its VMs that are to be spread: not more of one on one host than there are.</param>
public sealed record MovableVms(AppId Application, ImmutableArray<VmMove> Vms, int? Left, ImmutableArray<ImmutableArray<VmId>> Apart)
{
    /// <summary>Looks at an application: quiet hours and cool-down, how its VMs may move, and how often.</summary>
    /// <param name="view">The world; its traffic does not matter.</param>
    /// <param name="site">The site.</param>
    /// <param name="history">Which of its VMs have moved when.</param>
    /// <param name="policy">When VMs move unasked: how long one that has moved stays.</param>
    public static MovableVms Of(PlacementView view, SiteId site, MoveHistory history, MovePolicy policy)
    {
        var application = view.Application;
        var left = Hysteresis.MovesLeft(history, application.Moves.PerDay, view.Now);
        var cooling = Hysteresis.CoolingDown(history, policy, view.Now);
        return new(
            application.Id,
            [.. application.Vms.Where(vm => vm.At?.Site == site).Select(vm => Of(vm))],
            left,
            [.. application.Apart.Select(spread => spread.Vms)]);

        VmMove Of(VmSpec vm)
        {
            var within = DrainPlanner.Prospects(view, site, vm);
            var estimate = within.Best();
            var stays = view.IsQuiet(vm.Id, view.Now) ? Refusal.QuietHours(vm.Id, view.Now)
                : cooling.TryGetValue(vm.Id, out var until) ? Refusal.CoolDown(vm.Id, until)
                : left == 0 ? Refusal.MovesPerDay(application.Moves.PerDay!.Value, application.Moves.PerDay.Value, 1)
                : estimate is null ? within.AgainstLive()
                : null;
            return new(vm.Id, vm.Needs, estimate, stays);
        }
    }
}

/// <summary>A VM's move to another host of its site.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Needs">What it needs of a host.</param>
/// <param name="Estimate">What the move sends and takes, the same for each host; null: it cannot move.</param>
/// <param name="Stays">Why it is left where it is; null: it may move.</param>
public sealed record VmMove(VmId Vm, VmNeeds Needs, MigrationEstimate? Estimate, Refusal? Stays);
