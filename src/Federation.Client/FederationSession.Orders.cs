using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Sites;

namespace Federation.Client;

/// <content>What a person decides. Every order is in the audit log; a no is a value with its reason.</content>
public sealed partial class FederationSession
{
    /// <summary>Asks for a plan, which gets its number at once.</summary>
    /// <param name="application">With its incarnation.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<PlanAsked> AskForPlan(AppId application, PlanRequest request, CancellationToken cancel = default) =>
        Call(all => all.Placement(application).Ask(request), cancel);

    /// <summary>How far a plan is that was asked for; null: nobody knows of it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="wait">How long to wait for its end; less than the response timeout of the connection.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<PlanJob?> PlanJob(PlanId plan, TimeSpan wait, CancellationToken cancel = default) =>
        Call(all => all.Placement(plan.Application).Job(plan.Number, wait, cancel), cancel);

    /// <summary>Cost against time in the world as it is now; changes nothing.</summary>
    public Task<ParetoAnswer> Pareto(AppId application, PlanRequest request, int points, CancellationToken cancel = default) =>
        Call(all => all.Placement(application).Pareto(request, points, cancel), cancel);

    /// <summary>The plan that would be made were the world, or what its owner wants, as the request's changes say; nothing of it is kept.</summary>
    public Task<WhatIfAnswer> Suppose(AppId application, PlanRequest request, CancellationToken cancel = default) =>
        Call(all => all.Placement(application).Suppose(request, cancel), cancel);

    /// <summary>Starts a plan; told again, nothing is done twice, and the answer says so.</summary>
    public Task<PlanAnswer> Apply(PlanId plan, CancellationToken cancel = default) => Call(all => all.Plan(plan).Apply(), cancel);

    /// <summary>Cancels a plan; half-way, what is under way comes to its end.</summary>
    public Task<PlanAnswer> Cancel(PlanId plan, CancellationToken cancel = default) => Call(all => all.Plan(plan).Cancel(), cancel);

    /// <summary>Approves for a site what a plan would do there. One that nobody has started is decided on all the same, and not started.</summary>
    public Task<Verdict> Approve(PlanId plan, SiteId site, CancellationToken cancel = default) => Decide(plan, site, door => door.Approve(plan), cancel);

    /// <summary>Rejects for a site what a plan would do there, for good.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="site">The site.</param>
    /// <param name="reason">Why, for the plan's owner; null: not said.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<Verdict> Reject(PlanId plan, SiteId site, string? reason, CancellationToken cancel = default) => Decide(plan, site, door => door.Reject(plan, reason), cancel);

    /// <summary>Puts a site's description into force, for its administrator, in place of the one that he has read: somebody else's is never overwritten.</summary>
    /// <param name="site">The description.</param>
    /// <param name="revision">The revision that he has read.</param>
    /// <param name="cancel">Gives up waiting for the answer.</param>
    public Task<SiteChange> ApplySite(Site site, long revision, CancellationToken cancel = default) => Call(all => all.Site(site.Id).Apply(site, revision), cancel);

    private async Task<Verdict> Decide(PlanId plan, SiteId site, Func<ISiteGrain, Task<Verdict>> decision, CancellationToken cancel) =>
        await Plan(plan, cancel) is { State: PlanState.Proposed } && (await Call(all => all.Plan(plan).WantApproval(site), cancel)).Refusal is { } refusal
            ? Verdict.Reject(refusal)
            : await Call(all => decision(all.Site(site)), cancel);
}
