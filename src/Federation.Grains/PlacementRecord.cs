using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Grains;

/// <summary>A plan together with the world that it was made from, so that it can be replayed and explained.</summary>
/// <param name="Id">Its name.</param>
/// <param name="State">How far the service is with it.</param>
/// <param name="Plan">The plan.</param>
/// <param name="View">The world that it was made from.</param>
public sealed record PlacementRecord(PlanId Id, PlanState State, Plan Plan, PlacementView View)
{
    /// <summary>Without the world, for those who ask.</summary>
    public StoredPlan Stored => new(Id, State, Plan);
}

/// <summary>What an applied plan still has to do later.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="At">When.</param>
/// <param name="Approvals">The sites whose administrators approved the plan.</param>
public sealed record DueDeparture(PlanId Plan, DateTimeOffset At, ImmutableArray<SiteId> Approvals);

/// <summary>What is stored of an application's placement.</summary>
public sealed class PlacementStored
{
    /// <summary>How many plans are kept.</summary>
    public const int MostPlans = 20;

    /// <summary>Counts plans.</summary>
    public int LastNumber { get; set; }

    /// <summary>The newest plans, oldest first.</summary>
    public ImmutableArray<PlacementRecord> Plans { get; set; } = [];

    /// <summary>When VMs moved, and since when moving pays.</summary>
    public MoveHistory History { get; set; } = new();

    /// <summary>What has to be left in time; null: nothing.</summary>
    public DueDeparture? Departure { get; set; }

    /// <summary>The sites whose administrators approved the plan that is being carried out.</summary>
    public ImmutableArray<SiteId> Approvals { get; set; } = [];

    /// <summary>The plan of a name; null if there is none.</summary>
    public PlacementRecord? Find(PlanId id) => Plans.FirstOrDefault(record => record.Id == id);

    /// <summary>The plan that is being carried out; null if none is.</summary>
    public PlacementRecord? Applying => Plans.FirstOrDefault(record => record.State == PlanState.Applying);

    /// <summary>Adds a plan, and lets go of the oldest that nobody is at.</summary>
    public PlacementRecord Add(Plan plan, PlacementView view)
    {
        LastNumber++;
        var record = new PlacementRecord(new(plan.Application, LastNumber), PlanState.Proposed, plan, view);
        Plans = Plans.Add(record);
        while (Plans.Length > MostPlans && Plans.FirstOrDefault(old => old.State != PlanState.Applying && old.Id != Departure?.Plan) is { } oldest)
        {
            Plans = Plans.Remove(oldest);
        }

        return record;
    }

    /// <summary>Notes how far a plan is.</summary>
    public PlacementRecord Set(PlacementRecord record, PlanState state)
    {
        var next = record with { State = state };
        Plans = Plans.Replace(record, next);
        return next;
    }
}
