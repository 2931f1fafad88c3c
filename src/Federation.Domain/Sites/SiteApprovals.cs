using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Sites;

/// <summary>What a site's administrators have said of a plan.</summary>
public enum ApprovalState
{
    /// <summary>Nothing yet.</summary>
    Requested,

    /// <summary>Yes: the door is open for what the plan would do here.</summary>
    Given,

    /// <summary>No.</summary>
    Rejected,

    /// <summary>Yes, and taken back.</summary>
    Withdrawn,

    /// <summary>Its time was over before anybody decided, or before the plan had ended.</summary>
    Expired,
}

/// <summary>What a plan would do at one site. Compared by value of its lists.</summary>
/// <param name="Arrivals">The VMs that would come, with the offers that they would take.</param>
/// <param name="Departures">The VMs that would leave.</param>
/// <param name="Why">Why, for people: the plan's own words.</param>
public sealed record PlanAtSite(ImmutableArray<ArrivingVm> Arrivals, ImmutableArray<VmId> Departures, string Why)
{
    /// <summary>Whether it brings and takes away the same VMs; why does not matter.</summary>
    internal bool DoesTheSame(PlanAtSite other) => Arrivals.SequenceEqual(other.Arrivals) && Departures.SequenceEqual(other.Departures);
}

/// <summary>A VM that a plan would bring.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Offer">The offer's name.</param>
public readonly record struct ArrivingVm(VmId Vm, string Offer);

/// <summary>A plan that wants a site's approval, and what became of that.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Does">What it would do at the site.</param>
/// <param name="State">What the site's administrators have said.</param>
/// <param name="RequestedAt">When the plan asked.</param>
/// <param name="ExpiresAt">When the request, or the approval that was given, is of no use any more.</param>
/// <param name="By">Who has said so; null while nobody has.</param>
/// <param name="DecidedAt">When; null while nobody has.</param>
/// <param name="Reason">Why, in the administrator's words; null: none given.</param>
public sealed record SiteApproval(
    PlanId Plan,
    PlanAtSite Does,
    ApprovalState State,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpiresAt,
    string? By = null,
    DateTimeOffset? DecidedAt = null,
    string? Reason = null)
{
    /// <summary>Whether it is too old to be decided, or to open the door.</summary>
    public bool HasExpired(DateTimeOffset now) => State == ApprovalState.Expired || (CanExpire && ExpiresAt <= now);

    /// <summary>Whether it can run out.</summary>
    internal bool CanExpire => State is ApprovalState.Requested or ApprovalState.Given;

    /// <summary>Whether it waits for somebody to decide.</summary>
    public bool Waits(DateTimeOffset now) => State == ApprovalState.Requested && !HasExpired(now);
}

/// <summary>The plans that want one site's approval, and what its administrators have decided. An approval starts nothing: it opens the door.</summary>
/// <remarks>
/// Immutable: each step gives new approvals, the same object where nothing changes. A plan asks; administrators give, reject and take back; the
/// end of the plan drops it. Compared by reference.
/// </remarks>
public sealed record SiteApprovals
{
    /// <summary>None.</summary>
    [JsonIgnore]
    public static SiteApprovals None { get; } = new();

    /// <summary>Whether any can run out.</summary>
    [JsonIgnore]
    public bool HasExpiring => Plans.Values.Any(approval => approval.CanExpire);

    /// <summary>One for each plan that has asked.</summary>
    public ImmutableSortedDictionary<PlanId, SiteApproval> Plans { get; init; } = ImmutableSortedDictionary<PlanId, SiteApproval>.Empty;

    /// <summary>
    /// A plan asks. Asked again for the same, nothing changes, but that a request or an approval that has expired is asked for anew; for
    /// something else, it is asked for anew whatever was said. A rejection stands.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="does">What it would do here.</param>
    /// <param name="now">The site's clock.</param>
    /// <param name="lifetime">How long the request waits.</param>
    public SiteApprovals Request(PlanId plan, PlanAtSite does, DateTimeOffset now, TimeSpan lifetime) =>
        Plans.TryGetValue(plan, out var known)
        && (known.State == ApprovalState.Rejected || (known.Does.DoesTheSame(does) && known.State != ApprovalState.Withdrawn && !known.HasExpired(now)))
            ? this
            : Put(new(plan, does, ApprovalState.Requested, now, now + lifetime));

    /// <summary>An administrator says yes, also after it was taken back; a no where no plan asks, or none that waits. Said again, it lasts longer.</summary>
    /// <param name="site">Whose approvals they are.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="by">The administrator.</param>
    /// <param name="now">The site's clock.</param>
    /// <param name="lifetime">How long the approval is good for.</param>
    public (SiteApprovals Approvals, Verdict Verdict) Give(SiteId site, PlanId plan, string by, DateTimeOffset now, TimeSpan lifetime) =>
        Decide(site, plan, now, known => known with
        {
            State = ApprovalState.Given,
            By = by,
            DecidedAt = now,
            ExpiresAt = now + lifetime,
            Reason = null,
        });

    /// <summary>An administrator says no, for good; said again, nothing changes. One that was given before ends with it.</summary>
    public (SiteApprovals Approvals, Verdict Verdict) Reject(SiteId site, PlanId plan, string by, string? reason, DateTimeOffset now) =>
        Plans.TryGetValue(plan, out var said) && said.State == ApprovalState.Rejected
            ? (this, Verdict.Feasible)
            : Decide(site, plan, now, known => known with { State = ApprovalState.Rejected, By = by, DecidedAt = now, Reason = reason });

    /// <summary>An administrator takes back what was given: the door is shut for what has not come yet. Nothing given: nothing happens.</summary>
    public SiteApprovals Withdraw(PlanId plan, string by, DateTimeOffset now) =>
        Plans.TryGetValue(plan, out var known) && known.State == ApprovalState.Given
            ? Put(known with { State = ApprovalState.Withdrawn, By = by, DecidedAt = now })
            : this;

    /// <summary>The plan has ended: nobody need decide.</summary>
    public SiteApprovals Drop(PlanId plan) => Plans.ContainsKey(plan) ? this with { Plans = Plans.Remove(plan) } : this;

    /// <summary>Forgets what has expired or was decided so long ago that its plan cannot want it any more.</summary>
    public SiteApprovals Forget(DateTimeOffset now, TimeSpan after)
    {
        var old = Plans.Values.Where(known => known.ExpiresAt + after <= now).Select(known => known.Plan).ToList();
        return old.Count == 0 ? this : this with { Plans = Plans.RemoveRange(old) };
    }

    /// <summary>Notes which have run out.</summary>
    public SiteApprovals Expire(DateTimeOffset now) => Plans.Values.Where(known => known.CanExpire && known.HasExpired(now))
        .Aggregate(this, (approvals, known) => approvals.Put(known with { State = ApprovalState.Expired }));

    /// <summary>What has run out between two states, noted as such or asked for anew.</summary>
    public static IEnumerable<SiteApproval> ExpiredBetween(SiteApprovals before, SiteApprovals after, DateTimeOffset now) => before.Plans.Values.Where(known =>
        known.CanExpire && known.HasExpired(now) && after.Plans.GetValueOrDefault(known.Plan) is { State: ApprovalState.Expired or ApprovalState.Requested } next && next != known);

    /// <summary>What stands against a plan that does so much here, where all of that needs an approval; null: it was approved.</summary>
    public Refusal? Against(SiteId site, PlanId plan, PlanAtSite does, DateTimeOffset now) => Against(site, plan, does.DoesTheSame, now);

    /// <summary>What stands against a VM that a plan brings, where arrivals need an approval; null: it was approved.</summary>
    public Refusal? AgainstArrival(SiteId site, PlanId plan, VmId vm, string offer, DateTimeOffset now) =>
        Against(site, plan, does => does.Arrivals.Contains(new(vm, offer)), now);

    /// <summary>What stands against a VM that a plan takes away, where departures need an approval; null: it was approved.</summary>
    public Refusal? AgainstDeparture(SiteId site, PlanId plan, VmId vm, DateTimeOffset now) =>
        Against(site, plan, does => does.Departures.Contains(vm), now);

    private Refusal? Against(SiteId site, PlanId plan, Predicate<PlanAtSite> covers, DateTimeOffset now) =>
        !Plans.TryGetValue(plan, out var known) || !covers(known.Does) ? Refusal.ApprovalMissing(plan.Key, [site])
        : known.State == ApprovalState.Rejected ? Refusal.ApprovalRejected(plan.Key, site, known.By!)
        : known.State == ApprovalState.Withdrawn ? Refusal.ApprovalWithdrawn(plan.Key, site, known.By!)
        : known.HasExpired(now) ? Refusal.ApprovalExpired(plan.Key, site, known.ExpiresAt)
        : known.State == ApprovalState.Given ? null
        : Refusal.ApprovalMissing(plan.Key, [site]);

    private (SiteApprovals Approvals, Verdict Verdict) Decide(SiteId site, PlanId plan, DateTimeOffset now, Func<SiteApproval, SiteApproval> decision)
    {
        if (!Plans.TryGetValue(plan, out var known))
        {
            return (this, Verdict.Reject(Refusal.ApprovalNotRequested(plan.Key, site)));
        }

        var refusal = known.State == ApprovalState.Rejected ? Refusal.ApprovalRejected(plan.Key, site, known.By!)
            : known.HasExpired(now) ? Refusal.ApprovalExpired(plan.Key, site, known.ExpiresAt)
            : null;
        return refusal is null ? (Put(decision(known)), Verdict.Feasible) : (this, Verdict.Reject(refusal));
    }

    private SiteApprovals Put(SiteApproval approval) => this with { Plans = Plans.SetItem(approval.Plan, approval) };
}
