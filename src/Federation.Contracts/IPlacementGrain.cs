using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>An application's placement: plans, decides, and carries plans out.</summary>
[Alias("Federation.IPlacementGrain")]
public interface IPlacementGrain : IGrainWithStringKey
{
    /// <summary>Plans from the world as it is now; null if there is no such application.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Plan")]
    Task<StoredPlan?> Plan(PlanRequest request, CancellationToken cancel);

    /// <summary>Cost against time in the world as it is now; null if there is no such application. Changes nothing, proposes nothing.</summary>
    /// <param name="request">How it is looked for; the time limit is for all points together.</param>
    /// <param name="points">How many points at most, as <see cref="ParetoFront"/> allows.</param>
    /// <param name="cancel">Gives it up.</param>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Pareto"), AlwaysInterleave]
    Task<ParetoFront?> Pareto(PlanRequest request, int points, CancellationToken cancel);

    /// <summary>Plans again because something has changed, and proposes what it finds unless that is to stay.</summary>
    [Alias("Reevaluate")]
    Task Reevaluate(string cause);

    /// <summary>The newest plans, oldest first.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Plans"), AlwaysInterleave]
    Task<ImmutableArray<StoredPlan>> Plans();

    /// <summary>The world that a plan was made from; null if there is no such plan.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("View"), AlwaysInterleave]
    Task<PlacementView?> View(PlanId plan);

    /// <summary>Begins to carry a plan out, unless the world has changed since it was made.</summary>
    /// <param name="plan">The plan's id.</param>
    /// <param name="approvals">The sites whose administrators approve.</param>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Changes = true)]
    [Alias("Apply")]
    Task<ApplyOutcome> Apply(PlanId plan, ImmutableArray<SiteId> approvals);

    /// <summary>Goes on with a plan that a restart interrupted; nothing to go on with, nothing happens.</summary>
    [Alias("Resume")]
    Task Resume();

    /// <summary>Told by a migration that it has ended.</summary>
    [Alias("MigrationEnded")]
    Task MigrationEnded(PlanId plan);

    /// <summary>The migrations of the newest plans, oldest first.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Migrations"), AlwaysInterleave]
    Task<ImmutableArray<MigrationState>> Migrations();

    /// <summary>Forgets everything; a no while a plan is being carried out.</summary>
    [Alias("Delete")]
    Task<bool> Delete();
}

/// <summary>A plan and how far the service is with it.</summary>
/// <param name="Id">Which.</param>
/// <param name="State">How far.</param>
/// <param name="Plan">The plan.</param>
[GenerateSerializer, Immutable, Alias("Federation.StoredPlan")]
public sealed record StoredPlan([property: Id(0)] PlanId Id, [property: Id(1)] PlanState State, [property: Id(2)] Plan Plan);

/// <summary>What came of the request to apply a plan.</summary>
/// <param name="Kind">What.</param>
/// <param name="Plan">The plan as it stands; null if there is none.</param>
/// <param name="Text">For people.</param>
/// <param name="Changes">What has changed since the plan was made.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplyOutcome")]
public sealed record ApplyOutcome(
    [property: Id(0)] ApplyKind Kind,
    [property: Id(1)] StoredPlan? Plan,
    [property: Id(2)] string Text,
    [property: Id(3)] ImmutableArray<string> Changes) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Kind is ApplyKind.Started or ApplyKind.NothingToDo ? null : Text;
}

/// <summary>What can come of the request to apply a plan.</summary>
public enum ApplyKind
{
    /// <summary>It is being carried out now.</summary>
    Started,

    /// <summary>There is nothing to do, or it was done before.</summary>
    NothingToDo,

    /// <summary>There is no such plan.</summary>
    Unknown,

    /// <summary>The world has changed since.</summary>
    Stale,

    /// <summary>It cannot be applied: it is infeasible, has failed, lacks an approval, or another one is being carried out.</summary>
    Refused,
}
