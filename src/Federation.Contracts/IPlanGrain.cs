using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>One plan: what it says, the world that it was made from, and its life. It carries itself out.</summary>
[Alias("Federation.IPlanGrain")]
public interface IPlanGrain : IGrainWithStringKey
{
    /// <summary>Keeps a plan that was just made; told again, nothing changes.</summary>
    [Alias("Propose")]
    Task<StoredPlan> Propose(PlanProposal proposal);

    /// <summary>The plan as it stands; null if there is none of this name that the caller sees.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Get"), AlwaysInterleave]
    Task<StoredPlan?> Get();

    /// <summary>Its migrations that have begun and that the caller sees, in the plan's order.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Migrations"), AlwaysInterleave]
    Task<ImmutableArray<MigrationState>> Migrations();

    /// <summary>The world that it was made from; null if there is no such plan, or it was forgotten.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("World"), AlwaysInterleave]
    Task<PlacementView?> World();

    /// <summary>Forgets the world that it was made from, which holds traffic; the plan itself is kept.</summary>
    [Alias("ForgetWorld")]
    Task ForgetWorld();

    /// <summary>
    /// Starts it: it is carried out as soon as every site that it touches approves, the application is free, and what it relies on holds.
    /// </summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Apply")]
    Task<PlanAnswer> Apply();

    /// <summary>Cancels it; half-way, what is under way comes to its end, and going back is compared with staying.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Cancel")]
    Task<PlanAnswer> Cancel();

    /// <summary>Asks a site for its approval before anybody has started the plan; starts nothing.</summary>
    /// <exception cref="AccessDeniedException">The caller does not administrate the site.</exception>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("WantApproval")]
    Task<PlanAnswer> WantApproval(SiteId site);

    /// <summary>Told by a site that its administrators have decided something.</summary>
    [Alias("ApprovalChanged")]
    Task ApprovalChanged(SiteId site);

    /// <summary>Told by a migration that it has ended.</summary>
    [Alias("MigrationEnded")]
    Task MigrationEnded();

    /// <summary>Another plan of the application was started.</summary>
    [Alias("Supersede")]
    Task Supersede(PlanId by);

    /// <summary>Its application was described anew, or deleted.</summary>
    [Alias("Outdate")]
    Task Outdate(Refusal why);

    /// <summary>Goes on after a restart; nothing to go on with, nothing happens.</summary>
    [Alias("Resume")]
    Task Resume();
}

/// <summary>A plan that is to be kept.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="World">The world that it was made from.</param>
/// <param name="Cause">Why it was made, for people.</param>
/// <param name="Departs">Whether it leaves in time what closes, as an applied plan has it: then it need not gain anything.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanProposal")]
public sealed record PlanProposal(
    [property: Id(0)] Plan Plan, [property: Id(1)] PlacementView World, [property: Id(2)] string Cause, [property: Id(3)] bool Departs);

/// <summary>A plan and how far the service is with it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Saga">Its life so far.</param>
/// <param name="Touches">The sites that it touches.</param>
/// <param name="Record">What happened to it, oldest first.</param>
[GenerateSerializer, Immutable, Alias("Federation.StoredPlan")]
public sealed record StoredPlan(
    [property: Id(0)] PlanId Id,
    [property: Id(1)] Plan Plan,
    [property: Id(2)] PlanSaga Saga,
    [property: Id(3)] ImmutableArray<SiteId> Touches,
    [property: Id(4)] ImmutableArray<PlanEntry> Record)
{
    /// <summary>How far it is.</summary>
    public PlanState State => Saga.State;
}

/// <summary>What came of an order to a plan.</summary>
/// <param name="Plan">The plan as it stands; null if there is none.</param>
/// <param name="Did">Whether the order changed anything.</param>
/// <param name="Refusal">Why it was refused; null if it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanAnswer")]
public sealed record PlanAnswer([property: Id(0)] StoredPlan? Plan, [property: Id(1)] bool Did, [property: Id(2)] Refusal? Refusal = null) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refusal is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>One part of a world that plans of an application were made from, by its content hash: kept once for all of them that saw the same.</summary>
[Alias("Federation.IWorldGrain")]
public interface IWorldGrain : IGrainWithStringKey
{
    /// <summary>Keeps the part; it is there already, nothing happens.</summary>
    [Alias("Keep")]
    Task Keep(string json);

    /// <summary>The part as JSON; null if there is none of this hash.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<string?> Get();

    /// <summary>Forgets it; not kept, nothing happens.</summary>
    [Alias("Forget")]
    Task Forget();
}
