using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Access;

namespace Federation.Grains;

/// <summary>Which plans want to come, and what the site's administrators say to that.</summary>
public sealed partial class SiteGrain
{
    private static readonly TimeSpan RememberDecided = TimeSpan.FromDays(30);

    private static string Caller => CallerContext.Current.Name;

    /// <inheritdoc/>
    public async Task<Verdict> RequestApproval(PlanId plan, PlanAtSite does)
    {
        if (Door is not { } door)
        {
            return Verdict.Reject(Refusal.SiteUnknown(Id));
        }

        if (!door.Site.Policy.Approves(does))
        {
            return Verdict.Feasible;
        }

        var approvals = door.Approvals.Forget(door.Now, RememberDecided).Request(plan, does, door.Now, reservations.Value.ApprovalLifetime);
        var isNew = approvals.Plans[plan] != door.Approvals.Plans.GetValueOrDefault(plan);
        await Store(state.State.Ledger, approvals);
        if (isNew)
        {
            await events.Record("approval.requested", $"plan {plan} asks for the approval of site {Id}: {does.Why}", plan.Application, Id);
        }

        return approvals.Against(Id, plan, does, door.Now) is { } refusal ? Verdict.Reject(refusal) : Verdict.Feasible;
    }

    /// <inheritdoc/>
    public Task<Verdict> Approve(PlanId plan) => Decide(
        plan, "approval.given", $"site {Id} approves plan {plan}",
        door => door.Approvals.Give(Id, plan, Caller, door.Now, reservations.Value.ApprovalLifetime));

    /// <inheritdoc/>
    public async Task<Verdict> Reject(PlanId plan, string? reason)
    {
        var verdict = await Decide(
            plan, "approval.rejected", $"site {Id} rejects plan {plan}{(reason is null ? "" : $": {reason}")}",
            door => door.Approvals.Reject(Id, plan, Caller, reason, door.Now));
        await Shut(plan, verdict);
        return verdict;
    }

    /// <inheritdoc/>
    public async Task WithdrawApproval(PlanId plan)
    {
        var verdict = await Decide(
            plan, "approval.withdrawn", $"site {Id} takes its approval of plan {plan} back",
            door => (door.Approvals.Withdraw(plan, Caller, door.Now), Verdict.Feasible));
        await Shut(plan, verdict);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SiteApproval>> Approvals() => Task.FromResult(state.State.Approvals.Plans.Values.ToImmutableArray());

    /// <inheritdoc/>
    public Task DropApproval(PlanId plan) => Store(state.State.Ledger, state.State.Approvals.Drop(plan));

    private async Task<Verdict> Decide(PlanId plan, string kind, string text, Func<Door, (SiteApprovals Approvals, Verdict Verdict)> decision)
    {
        if (Door is not { } door)
        {
            return Verdict.Reject(Refusal.SiteUnknown(Id));
        }

        var (approvals, verdict) = decision(door);
        if (!ReferenceEquals(approvals, door.Approvals))
        {
            await Store(state.State.Ledger, approvals);
            await events.Record(kind, text, plan.Application, Id);
            // Not waited for: the plan asks this site itself. What is lost here it learns when it asks again.
            GrainFactory.Plan(plan).ApprovalChanged(Id).Ignore();
        }

        return verdict;
    }

    // What was only reserved goes; what is confirmed is on its way, and comes.
    private Task Shut(PlanId plan, Verdict verdict) => verdict.IsFeasible
        ? Change((ledger, _) => (ledger.CancelReserved(plan), Verdict.Feasible))
        : Task.CompletedTask;
}
