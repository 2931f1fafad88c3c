using Federation.Domain.Sites;

namespace Federation.Domain.Tests.Sites;

/// <summary>Takes a guard out, by what goes into the ledger or comes out of it. By default it takes none.</summary>
internal sealed record LedgerMutation
{
    public Func<Site, Site> Site { get; init; } = site => site;

    public Func<AdmissionRequest, AdmissionRequest> Request { get; init; } = request => request;

    public Func<LedgerStep, SiteLedger, LedgerStep> Step { get; init; } = (step, _) => step;

    public Func<LedgerStep, SiteLedger, SiteLedger, DateTimeOffset, SiteLedger> After { get; init; } = (_, _, ledger, _) => ledger;

    public Func<LedgerStep, DateTimeOffset, DateTimeOffset> Clock { get; init; } = (_, now) => now;
}

/// <summary>A ledger and the approvals beside it, as a site keeps them, with a guard taken out or none.</summary>
internal sealed record LedgerSubject(SiteLedger Ledger, SiteApprovals Approvals, LedgerMutation Mutation)
{
    public (LedgerSubject Next, bool Yes) Do(LedgerStep told, Site described, DateTimeOffset clock)
    {
        var (step, site, now) = (Mutation.Step(told, Ledger), Mutation.Site(described), Mutation.Clock(told, clock));
        var door = new Door(site, Approvals, now);
        var (ledger, verdict) = step.Act switch
        {
            LedgerAct.Admit => Ledger.Admit(door, [.. step.Requests.Select(Mutation.Request)], LedgerWorld.Lifetime),
            LedgerAct.Confirm => Ledger.Confirm(door, step.Vm, step.Reservation),
            LedgerAct.Arrive => Ledger.Arrive(door, step.Vm, step.Reservation),
            LedgerAct.BeginLeaving => Ledger.BeginLeaving(door, step.Vm, step.Migration),
            LedgerAct.CancelLeaving => (Ledger.CancelLeaving(step.Vm, step.Migration), Verdict.Feasible),
            LedgerAct.Depart => (Ledger.Depart(step.Vm, step.Migration, now), Verdict.Feasible),
            LedgerAct.Release => (Ledger.Release(step.Vm, now), Verdict.Feasible),
            LedgerAct.ReleaseAll => (Ledger.ReleaseAll(step.App, now), Verdict.Feasible),
            LedgerAct.Cancel => (Ledger.Cancel(step.Reservation), Verdict.Feasible),
            LedgerAct.Expire => (Ledger.Expire(now), Verdict.Feasible),
            _ => (Ledger, Verdict.Feasible),
        };
        var (approvals, decided) = step.Act switch
        {
            LedgerAct.Request => (Approvals.Request(step.PlanOf, step.Does, now, LedgerWorld.ApprovalLifetime), Verdict.Feasible),
            LedgerAct.Approve => Approvals.Give(site.Id, step.PlanOf, "alice", now, LedgerWorld.ApprovalLifetime),
            LedgerAct.Reject => Approvals.Reject(site.Id, step.PlanOf, "alice", null, now),
            LedgerAct.Withdraw => (Approvals.Withdraw(step.PlanOf, "alice", now), Verdict.Feasible),
            _ => (Approvals, verdict),
        };
        return (this with { Ledger = Mutation.After(step, Ledger, ledger, now), Approvals = approvals }, decided.IsFeasible);
    }
}
