using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Consolidation;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>An application's placement: makes plans and decides which are proposed and which are started. Plans carry themselves out.</summary>
[Alias("Federation.IPlacementGrain")]
public interface IPlacementGrain : IGrainWithStringKey
{
    /// <summary>Asks for a plan. It gets its number at once, and is made from the world as it is when its turn has come.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Ask")]
    Task<PlanAsked> Ask(PlanRequest request);

    /// <summary>How far a plan that was asked for is; null if none of this number was, or it failed so long ago that nobody knows.</summary>
    /// <param name="number">The plan's number.</param>
    /// <param name="wait">How long to wait for its end; the answer comes earlier if that does.</param>
    /// <param name="cancel">Gives up waiting; the plan is made all the same.</param>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Job"), AlwaysInterleave]
    Task<PlanJob?> Job(int number, TimeSpan wait, CancellationToken cancel);

    /// <summary>Cancels the making of a plan, whether it waits or is being solved.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("CancelJob")]
    Task<PlanJobAnswer> CancelJob(int number);

    /// <summary>Cost against time in the world as it is now. Changes nothing, proposes nothing; waits for its turn for less than a minute.</summary>
    /// <param name="request">How it is looked for; the time limit is for all points together.</param>
    /// <param name="points">How many points at most, as <see cref="ParetoFront"/> allows.</param>
    /// <param name="cancel">Gives it up, whether it waits or is being solved.</param>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Pareto"), AlwaysInterleave]
    Task<ParetoAnswer> Pareto(PlanRequest request, int points, CancellationToken cancel);

    /// <summary>A plan in the world as it would be with the request's changes. Changes nothing, proposes nothing; waits for its turn for less than a minute.</summary>
    /// <param name="request">How it is looked for, and what is supposed.</param>
    /// <param name="cancel">Gives it up, whether it waits or is being solved.</param>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Suppose"), AlwaysInterleave]
    Task<WhatIfAnswer> Suppose(PlanRequest request, CancellationToken cancel);

    /// <summary>What of the application's VMs at a site could move to other hosts there, by its own rules; null: there is no such application any more.</summary>
    [Alias("Movable"), AlwaysInterleave]
    Task<MovableVms?> Movable(SiteId site);

    /// <summary>Tries the moves that a site's administrators would advise: a plan that nobody keeps, or why the application would be harmed.</summary>
    /// <param name="drain">The moves.</param>
    /// <param name="cancel">Gives it up.</param>
    [Alias("TryAdvice"), AlwaysInterleave]
    Task<WhatIfAnswer> TryAdvice(HostDrain drain, CancellationToken cancel);

    /// <summary>Wants a look at the placement; what <see cref="DecisionLoop"/> says then is proposed or started. Does not wait for it.</summary>
    [Alias("Reevaluate"), AlwaysInterleave]
    Task Reevaluate(DecisionTrigger trigger);

    /// <summary>As <see cref="Reevaluate"/>, and waits for the look, but for two minutes at most.</summary>
    [Alias("Look"), AlwaysInterleave]
    Task Look(DecisionTrigger trigger);

    /// <summary>VMs of the application run now: from here on its placement is looked at as time passes.</summary>
    [Alias("Watch"), AlwaysInterleave]
    Task Watch();

    /// <summary>A page of its plans, oldest first.</summary>
    [Alias("Plans"), AlwaysInterleave]
    Task<ImmutableArray<StoredPlan>> Plans(PlanPage page);

    /// <summary>Told by a plan that it was started: it waits for approvals, or is being applied.</summary>
    [Alias("PlanStarted")]
    Task PlanStarted(PlanId plan, PlanState how);

    /// <summary>Told by a plan how it has ended.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="what">What it said.</param>
    /// <param name="how">How it ended.</param>
    /// <param name="moved">The VMs that have moved.</param>
    [Alias("PlanEnded")]
    Task PlanEnded(PlanId plan, Plan what, PlanState how, ImmutableArray<VmId> moved);

    /// <summary>Goes on with what a restart interrupted; nothing to go on with, nothing happens.</summary>
    [Alias("Resume")]
    Task Resume();

    /// <summary>Forgets the worlds that its plans were made from: the application has ended, and the last of its traffic is gone.</summary>
    [Alias("ForgetWorlds"), AlwaysInterleave]
    Task ForgetWorlds();

    /// <summary>A VM has left the application: nothing that is remembered for later moves it.</summary>
    [Alias("VmRemoved")]
    Task VmRemoved(VmId vm);

    /// <summary>VMs were lost where they ran, and run nowhere: where the application allows restarts they are started anew by a plan.</summary>
    [Alias("VmsLost")]
    Task VmsLost(ImmutableArray<VmId> vms);

    /// <summary>The plans that were started, have not ended, and bring VMs to a site or take some away.</summary>
    [Alias("CountingOn"), AlwaysInterleave]
    Task<ImmutableArray<PlanId>> CountingOn(SiteId site);

    /// <summary>A site has left the federation: plans that nobody has started and that lead there end, and the placement is looked at anew if any did.</summary>
    [Alias("SiteDeleted"), AlwaysInterleave]
    Task SiteDeleted(SiteId site);

    /// <summary>Forgets everything, plans that were not started too; a no while a plan is being carried out.</summary>
    [Alias("Delete")]
    Task<bool> Delete();
}

/// <summary>Which of an application's plans are wanted: the newest ones.</summary>
/// <param name="Before">Only plans with a lower number; null: all.</param>
/// <param name="Limit">How many at most, from 1 to <see cref="MostPlans"/>.</param>
/// <param name="Waiting">Only plans that wait for approvals.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanPage")]
public sealed record PlanPage([property: Id(0)] int? Before = null, [property: Id(1)] int Limit = PlanPage.Usual, [property: Id(2)] bool Waiting = false)
{
    /// <summary>How many are given unless it is said.</summary>
    public const int Usual = 20;

    /// <summary>The most that are given at once.</summary>
    public const int MostPlans = 100;
}
