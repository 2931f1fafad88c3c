using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteApprovalsTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly PlanId Plan = PlanId.Parse("astro/cg.1.3");
    private static readonly SiteId Rennes = new("rennes");
    private static readonly PlanAtSite Does = new([new(new("vm1"), "std")], [new("vm2")], "it is cheaper");
    private static readonly SiteApprovals Requested = SiteApprovals.None.Request(Plan, Does, Samples.Now, Day);

    [Fact]
    public void An_approval_opens_the_door_for_what_it_was_asked_for_and_for_nothing_else()
    {
        Code(Requested).ShouldBe(RefusalCode.ApprovalMissing);
        var given = Given();
        given.AgainstArrival(Rennes, Plan, new("vm1"), "std", Samples.Now).ShouldBeNull();
        given.AgainstDeparture(Rennes, Plan, new("vm2"), Samples.Now).ShouldBeNull();
        given.AgainstArrival(Rennes, Plan, new("vm1"), "large", Samples.Now)!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        given.AgainstArrival(Rennes, Plan, new("vm2"), "std", Samples.Now)!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        given.AgainstArrival(Rennes, Plan with { Number = 4 }, new("vm1"), "std", Samples.Now)!.Code.ShouldBe(RefusalCode.ApprovalMissing);
    }

    [Fact]
    public void Two_sites_approve_one_plan_each_for_itself()
    {
        var (a, b) = (Requested, Requested);
        (a, _) = a.Give(new("a"), Plan, "alice", Samples.Now, Day);
        a.Against(new("a"), Plan, Does, Samples.Now).ShouldBeNull();
        b.Against(new("b"), Plan, Does, Samples.Now)!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        (b, _) = b.Give(new("b"), Plan, "bob", Samples.Now, Day);
        b.Against(new("b"), Plan, Does, Samples.Now).ShouldBeNull();
    }

    [Fact]
    public void An_approval_expires_and_is_asked_for_anew()
    {
        var given = Given();
        Code(given, Samples.Now + Day).ShouldBe(RefusalCode.ApprovalExpired);
        given.Request(Plan, Does, Samples.Now.AddHours(23), Day).ShouldBeSameAs(given);
        Code(given.Request(Plan, Does, Samples.Now + Day, Day), Samples.Now + Day).ShouldBe(RefusalCode.ApprovalMissing);
    }

    [Fact]
    public void What_has_run_out_is_noted_once_and_stays_shut_until_it_is_asked_for_anew()
    {
        var given = Given();
        given.Expire(Samples.Now).ShouldBeSameAs(given);
        var expired = given.Expire(Samples.Now + Day);
        SiteApprovals.ExpiredBetween(given, expired, Samples.Now + Day).ShouldHaveSingleItem().State.ShouldBe(ApprovalState.Given);
        (expired.HasExpiring, Code(expired)).ShouldBe((false, RefusalCode.ApprovalExpired));
        expired.Expire(Samples.Now + Day + Day).ShouldBeSameAs(expired);
        expired.Give(Rennes, Plan, "alice", Samples.Now + Day, Day).Verdict.Refusal!.Code.ShouldBe(RefusalCode.ApprovalExpired);
        var again = given.Request(Plan, Does, Samples.Now + Day, Day);
        SiteApprovals.ExpiredBetween(given, again, Samples.Now + Day).ShouldHaveSingleItem();
        SiteApprovals.ExpiredBetween(expired, again, Samples.Now + Day).ShouldBeEmpty();
        SiteApprovals.ExpiredBetween(given, given.Drop(Plan), Samples.Now + Day).ShouldBeEmpty();
    }

    [Fact]
    public void An_approval_that_was_taken_back_can_be_given_again_and_a_rejection_stands()
    {
        var withdrawn = Given().Withdraw(Plan, "alice", Samples.Now);
        Code(withdrawn).ShouldBe(RefusalCode.ApprovalWithdrawn);
        Code(withdrawn.Give(Rennes, Plan, "alice", Samples.Now, Day).Approvals).ShouldBeNull();
        var (rejected, _) = Given().Reject(Rennes, Plan, "bob", "no room at night", Samples.Now);
        Code(rejected.Request(Plan, Does, Samples.Now, Day)).ShouldBe(RefusalCode.ApprovalRejected);
        rejected.Give(Rennes, Plan, "alice", Samples.Now, Day).Verdict.Refusal.ShouldBe(Refusal.ApprovalRejected(Plan.Key, Rennes, "bob"));
    }

    [Fact]
    public void What_no_plan_asks_for_is_not_approved()
    {
        SiteApprovals.None.Give(Rennes, Plan, "alice", Samples.Now, Day).Verdict.Refusal!.Code.ShouldBe(RefusalCode.ApprovalNotRequested);
        Given().Drop(Plan).Plans.ShouldBeEmpty();
        Requested.Forget(Samples.Now + Day + Day, Day).Plans.ShouldBeEmpty();
    }

    [Fact]
    public void A_plan_that_only_leaves_needs_an_approval_only_where_the_policy_says_so_of_departures()
    {
        var leaves = Does with { Arrivals = [] };
        new SitePolicy { ManualApproval = true }.Approves(leaves).ShouldBeFalse();
        new SitePolicy { ManualApproval = true }.Approves(Does).ShouldBeTrue();
        new SitePolicy { ManualDepartures = true }.Approves(leaves).ShouldBeTrue();
    }

    [Fact]
    public void What_is_stored_reads_back()
    {
        var json = JsonSerializer.Serialize(Given(), DomainJson.Options);
        JsonSerializer.Serialize(JsonSerializer.Deserialize<SiteApprovals>(json, DomainJson.Options), DomainJson.Options).ShouldBe(json);
    }

    private static SiteApprovals Given() => Requested.Give(Rennes, Plan, "alice", Samples.Now, Day).Approvals;

    private static RefusalCode? Code(SiteApprovals approvals, DateTimeOffset? at = null) => approvals.Against(Rennes, Plan, Does, at ?? Samples.Now)?.Code;
}
