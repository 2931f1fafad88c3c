using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Portal.Sessions;

namespace Federation.Portal.Watching;

/// <summary>A plan as people read it: what it changes of each VM, and what the viewer can decide.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Currency">The currency of its figures.</param>
public sealed record PlanView(StoredPlan Plan, string Currency)
{
    /// <summary>What becomes of each VM, in the application's order.</summary>
    public ImmutableArray<VmChange> Changes { get; } = [.. Plan.Plan.Placement.Select(planned => VmChange.Of(Plan, planned))];

    /// <summary>What the holder of a token may order now, as far as the token says.</summary>
    public ImmutableArray<ViewerOrder> OrdersFor(TokenHolder holder)
    {
        var orders = new List<ViewerOrder>();
        if (holder.ActsFor(Plan.Id.Application.Tenant))
        {
            if (Plan.State == PlanState.Proposed && Plan.Plan.Decision is PlanDecision.Place or PlanDecision.Migrate && Plan.State == PlanState.Proposed)
            {
                orders.Add(new(ViewerOrderKind.Apply, null));
            }

            if (Plan.State is PlanState.Waiting or PlanState.Applying)
            {
                orders.Add(new(ViewerOrderKind.Cancel, null));
            }
        }

        if (Plan.State is PlanState.Waiting)
        {
            foreach (var site in Plan.Saga.Missing.Where(holder.Administrates))
            {
                orders.Add(new(ViewerOrderKind.Approve, site));
                orders.Add(new(ViewerOrderKind.Reject, site));
            }
        }

        return [.. orders];
    }
}

/// <summary>What becomes of one VM.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="From">Where it is before; null: nowhere yet, or it stays.</param>
/// <param name="Planned">Where it is after, and its share of the bill.</param>
/// <param name="Starts">Whether it is nowhere yet.</param>
/// <param name="Seconds">How long its moves take; 0: it does not move.</param>
/// <param name="DowntimeSeconds">How long it stands still meanwhile.</param>
/// <param name="Bytes">What its moves send.</param>
/// <param name="IsCold">Whether it is stopped meanwhile.</param>
public sealed record VmChange(VmId Vm, Location? From, PlannedVm Planned, bool Starts, double Seconds, double DowntimeSeconds, double Bytes, bool IsCold)
{
    /// <summary>Whether anything becomes different.</summary>
    public bool Changes => Starts || From is not null;

    /// <summary>Whether it is started anew on another offer of its site.</summary>
    public bool IsRestart => From is { } from && Planned.Location.IsOtherOfferThan(from);

    internal static VmChange Of(StoredPlan plan, PlannedVm planned)
    {
        var steps = plan.Plan.Steps.Where(step => step.Vm == planned.Vm).ToList();
        var starts = plan.Saga.Steps.Any(step => step.Kind == StepKind.Start && step.Vm == planned.Vm);
        return new(
            planned.Vm, steps.Count > 0 ? steps[0].From : null, planned, starts, steps.Sum(step => step.Estimate.DurationSeconds),
            steps.Sum(step => step.Estimate.DowntimeSeconds), steps.Sum(step => step.Estimate.Bytes), steps.Any(step => step.Estimate.IsCold));
    }
}

/// <summary>What somebody can order of a plan.</summary>
public enum ViewerOrderKind
{
    /// <summary>Start it.</summary>
    Apply,

    /// <summary>End it.</summary>
    Cancel,

    /// <summary>Let it do at a site what it would.</summary>
    Approve,

    /// <summary>Do not let it.</summary>
    Reject,
}

/// <summary>An order, before it is given.</summary>
/// <param name="Kind">What.</param>
/// <param name="Site">For which site; null: for none.</param>
public sealed record ViewerOrder(ViewerOrderKind Kind, SiteId? Site)
{
    /// <summary>As a button says it.</summary>
    public string Label => Site is { } site ? $"{Kind} for {site}" : $"{Kind}";

    /// <summary>What will come of it, before it is confirmed.</summary>
    public string Warning(PlanView view) => Kind switch
    {
        ViewerOrderKind.Apply => Starting(view),
        ViewerOrderKind.Cancel => "What is under way comes to its end; then staying, finishing and going back are compared, and the best of them is done.",
        ViewerOrderKind.Approve => $"{view.Changes.Count(change => change.Changes && change.Planned.Location.Site == Site)} VMs of {view.Plan.Id.Application} will come to {Site}, and those that leave it will go.",
        _ => $"{Site} takes part in this plan no more, for good; its owner is told.",
    };

    private static string Starting(PlanView view)
    {
        var starts = view.Changes.Count(change => change.Starts);
        var moves = view.Changes.Count(change => change.From is not null);
        var what = (starts, moves) switch
        {
            (0, _) => $"{moves} VMs will move",
            (_, 0) => $"{starts} VMs will start",
            _ => $"{starts} VMs will start and {moves} will move",
        };
        return $"{what}, while the application runs. Sites that have to approve are asked first.";
    }
}
