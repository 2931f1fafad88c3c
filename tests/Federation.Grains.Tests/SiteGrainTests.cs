using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class SiteGrainTests
{
    [Fact]
    public async Task Of_many_who_race_for_the_last_place_exactly_one_gets_it_and_the_others_are_told_why()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a") with { Quotas = [new Quota("*", null, null, 1, null)] };
        await cluster.Grains.Site(site.Id).Apply(site);
        for (var race = 0; race < 50; race++)
        {
            var racers = Enumerable.Range(0, 20).Select(i => HoldOf($"app{i}", race + 1)).ToList();
            var verdicts = await Task.WhenAll(racers.Select(request => cluster.Grains.Site(site.Id).Admit([request])));
            verdicts.Count(verdict => verdict.IsFeasible).ShouldBe(1);
            verdicts.Where(verdict => !verdict.IsFeasible).ShouldAllBe(verdict => verdict.Refusal!.Code == RefusalCode.QuotaVms);
            await cluster.Grains.Site(site.Id).Release([.. racers.Select(request => request.Vm)]);
        }
    }

    [Fact]
    public async Task Places_are_kept_for_all_or_for_none()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a", Samples.Std with { Available = 2 });
        await cluster.Grains.Site(site.Id).Apply(site);
        var three = Enumerable.Range(1, 3).Select(i => HoldOf("cg", 1, $"vm{i}")).ToArray();
        (await cluster.Grains.Site(site.Id).Admit([.. three])).Refusal!.Code.ShouldBe(RefusalCode.CapacityOfferTaken);
        (await cluster.Grains.Site(site.Id).Get())!.Ledger.Allocations.ShouldBeEmpty();
        (await cluster.Grains.Site(site.Id).Admit([.. three[..2]])).IsFeasible.ShouldBeTrue();
        (await cluster.Grains.Site(site.Id).Admit([.. three[..2]])).IsFeasible.ShouldBeTrue("asked again, nothing changes");
        (await cluster.Grains.Site(site.Id).Get())!.Ledger.Allocations.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_site_that_nobody_has_described_keeps_no_place()
    {
        await using var cluster = await Cluster.Start();
        (await cluster.Grains.Site(new("atlantis")).Admit([HoldOf("cg", 1)])).Refusal.ShouldBe(Refusal.SiteUnknown(new("atlantis")));
    }

    [Fact]
    public async Task Each_administrator_opens_the_door_of_its_own_site_and_an_approval_that_is_taken_back_shuts_it()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a") with { Policy = new() { ManualApproval = true } };
        var grain = cluster.Grains.Site(site.Id);
        await grain.Apply(site);
        var request = HoldOf("cg", 1);
        var plan = request.Reservation.Plan!.Value;
        var does = new PlanAtSite([new(request.Vm.Vm, "std")], [], "it is cheaper");
        (await grain.Admit([request])).Refusal!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        (await grain.Approve(plan)).Refusal!.Code.ShouldBe(RefusalCode.ApprovalNotRequested);
        (await grain.RequestApproval(plan, does)).Refusal!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        (await grain.Approvals()).ShouldHaveSingleItem().State.ShouldBe(ApprovalState.Requested);
        (await grain.Approve(plan)).IsFeasible.ShouldBeTrue();
        (await grain.RequestApproval(plan, does)).IsFeasible.ShouldBeTrue("asked again, it says where it stands");
        (await grain.Admit([request])).IsFeasible.ShouldBeTrue();
        await grain.WithdrawApproval(plan);
        (await grain.Get())!.Ledger.Allocations.ShouldBeEmpty("nothing was confirmed");
        (await grain.Admit([request])).Refusal!.Code.ShouldBe(RefusalCode.ApprovalWithdrawn);
        await grain.DropApproval(plan);
        (await grain.Approvals()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_approval_that_expires_is_an_event_of_its_application_and_so_is_a_request_that_nobody_decides_in_time()
    {
        await using var cluster = await Cluster.Start();
        var site = Samples.Site("a") with { Policy = new() { ManualApproval = true } };
        var grain = cluster.Grains.Site(site.Id);
        await grain.Apply(site);
        var does = new PlanAtSite([new(new("vm1"), "std")], [], "it is cheaper");
        var (decided, forgotten) = (PlanId.Parse("astro/cg.1.1"), PlanId.Parse("astro/mg.1.1"));
        await grain.RequestApproval(decided, does);
        await grain.RequestApproval(forgotten, does);
        await grain.Approve(decided);
        cluster.Clock.Advance(new ReservationOptions().ApprovalLifetime);

        // One asks anew before the site has looked, the other is found by the site's reminder.
        (await grain.RequestApproval(decided, does)).Refusal!.Code.ShouldBe(RefusalCode.ApprovalMissing);
        await cluster.Remind(grain, "expire");
        await cluster.Remind(grain, "expire");

        (await cluster.Events.ReadAfter(0, 100, TestContext.Current.CancellationToken)).Where(entry => entry.Event.Kind.Value == "approval.expired")
            .Select(entry => $"{entry.Event.Application}: {entry.Event.Text}").ShouldBe(
            [
                "astro/cg: the approval of site a for plan astro/cg.1.1 has expired",
                "astro/mg: site a did not decide on plan astro/mg.1.1 in time",
            ]);
        (await cluster.HasReminder(grain, "expire")).ShouldBeTrue("a request waits again");
        await grain.DropApproval(decided);
        await cluster.Remind(grain, "expire");
        (await cluster.HasReminder(grain, "expire")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_description_that_is_tightened_below_what_is_in_use_evicts_nobody_and_says_who_stands_outside()
    {
        await using var cluster = await Cluster.Start();
        var grain = cluster.Grains.Site(new("a"));
        await grain.Apply(Samples.Site("a"));
        await grain.Admit([HoldOf("cg", 1, "vm1"), HoldOf("cg", 1, "vm2")]);
        await grain.Apply(Samples.Site("a", Samples.Std with { Name = "big" }) with { Capacity = new(null, null, 1) });
        var status = (await grain.Get())!;
        status.Ledger.Allocations.Count.ShouldBe(2);
        status.Site.Withdrawn.Select(offer => offer.Name).ShouldBe(["std"]);
        status.Ledger.Outside(status.Site, Samples.Now).Select(vm => vm.Refusal.Code).ShouldBe([RefusalCode.OfferUnknown, RefusalCode.OfferUnknown]);
        (await cluster.Events.ReadAfter(0, 100, TestContext.Current.CancellationToken)).Count(entry => entry.Event.Kind.Value == "site.outside").ShouldBe(2);
    }

    [Fact]
    public async Task A_description_replaces_the_one_that_its_author_has_read_and_no_other()
    {
        await using var cluster = await Cluster.Start();
        var grain = cluster.Grains.Site(new("a"));
        (await grain.Apply(Samples.Site("a"), 1)).Refused.ShouldBe(Refusal.RevisionDiffers(new("a"), 0), "there is none yet");
        (await grain.Apply(Samples.Site("a"), 0)).Created.ShouldBeTrue();
        (await grain.Apply(Samples.Site("a") with { Region = "one" }, 1)).Revision.ShouldBe(2);
        var late = await grain.Apply(Samples.Site("a") with { Region = "two" }, 1);
        (late.Changed, late.Revision, late.Refused).ShouldBe((false, 2, Refusal.RevisionDiffers(new("a"), 2)));
        (await grain.Get())!.Site.Region.ShouldBe("one");
        (await grain.Apply(Samples.Site("a") with { Region = "one" }, 1)).ShouldBe(new SiteChange(2, false, false), "told again, it is in force");
    }

    private static AdmissionRequest HoldOf(string application, int plan, string vm = "vm1")
    {
        var reference = new VmRef(new(new("astro"), application, 1), new(vm));
        return Requests.Of(reference, ReservationId.OfStart(new(reference.Application, plan)));
    }
}
