using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteLedgerTests
{
    private static readonly Site Rennes = Samples.Site("rennes");
    private static readonly VmRef Vm1 = VmRef.Parse("astro/cg.1/vm1");
    private static readonly MigrationId Away = MigrationId.Parse("astro/cg.1.2.1");

    public static TheoryData<Site, AdmissionRequest, RefusalCode> Refused { get; } = new()
    {
        { Rennes with { Policy = new() { Tenants = ["bio"] } }, Adopted(), RefusalCode.PolicyTenant },
        { Rennes with { Policy = new() { Arrivals = [new([], new(1, 0), new(2, 0), TimeZoneInfo.Utc)] } }, Adopted(), RefusalCode.ArrivalWindowClosed },
        { Rennes with { Policy = new() { ManualApproval = true } }, Adopted(), RefusalCode.ApprovalNeedsPlan },
        { Rennes with { Policy = new() { ManualApproval = true } }, Ledgers.Request("astro/cg.1/vm1"), RefusalCode.ApprovalMissing },
        { Rennes, Adopted() with { Needs = new(640, Samples.GiB, []) }, RefusalCode.NeedsVcpus },
        { Rennes, Adopted() with { Needs = new(1, 640 * Samples.GiB, []) }, RefusalCode.NeedsMemory },
        { Rennes, Adopted() with { Needs = new(1, Samples.GiB, ["eu"]) }, RefusalCode.ResidencyMissing },
        { Rennes, Adopted() with { Needs = new(1, Samples.GiB, [], [new("lyon")]) }, RefusalCode.AllowedSites },
        { Rennes, Adopted() with { Offer = "huge" }, RefusalCode.OfferUnknown },
        { Rennes with { Availability = [new(Samples.Now.AddHours(1), Samples.Now.AddHours(2))] }, Adopted(), RefusalCode.SiteUnavailable },
        { Rennes with { Capacity = new(3, null, null) }, Adopted(), RefusalCode.CapacitySiteVcpus },
        { Rennes with { Capacity = new(null, 15 * Samples.GiB, null, Headroom: 0.5) }, Adopted(), RefusalCode.CapacitySiteMemory },
        { Rennes with { Quotas = [new("*", null, null, null, 3)] }, Ledgers.Request("astro/cg.1/vm1", coreHours: 4), RefusalCode.QuotaCoreHours },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_site_looks_at_all_that_is_its_to_decide_whoever_asks(Site site, AdmissionRequest request, RefusalCode code)
    {
        var (ledger, verdict) = new SiteLedger().Admit(At(site), [request], Ledgers.Lifetime);
        verdict.Refusal!.Code.ShouldBe(code);
        ledger.Allocations.ShouldBeEmpty();
    }

    [Fact]
    public void A_VM_comes_back_to_its_place_at_a_manual_site_by_the_plan_that_took_it_away_and_by_no_other()
    {
        var door = At(Rennes with { Policy = new() { ManualApproval = true } });
        var ledger = Ledgers.Occupied(Rennes, Ledgers.Request("astro/cg.1/vm1"));
        ledger = ledger.BeginLeaving(door, Vm1, Away).Ledger.Depart(Vm1, Away, Samples.Now);
        var back = Ledgers.Request("astro/cg.1/vm1", reservation: ReservationId.OfStep(Away with { Step = 3 }));
        RefusalCode? Comes(SiteLedger to, AdmissionRequest request) => to.Admit(door, [request], Ledgers.Lifetime).Verdict.Refusal?.Code;

        Comes(ledger, back).ShouldBeNull();
        Comes(ledger, back with { Reservation = ReservationId.OfStep(new(Away.Plan with { Number = 9 }, 3)) }).ShouldBe(RefusalCode.ApprovalMissing);
        Comes(ledger, back with { Vm = VmRef.Parse("astro/cg.1/vm2") }).ShouldBe(RefusalCode.ApprovalMissing);
        Comes(ledger.ReleaseAll(Vm1.Application, Samples.Now), back).ShouldBe(RefusalCode.ApprovalMissing);
        var full = ledger.Admit(At(Rennes), [Ledgers.Request("bio/ft.1/vm1")], Ledgers.Lifetime).Ledger;
        full.Admit(door with { Site = door.Site with { Capacity = new(null, null, 1) } }, [back], Ledgers.Lifetime).Verdict.Refusal!.Code
            .ShouldBe(RefusalCode.CapacitySiteVms);
        JsonSerializer.Deserialize<SiteLedger>(JsonSerializer.Serialize(ledger, DomainJson.Options), DomainJson.Options)!.Departed.ShouldBe(ledger.Departed);
    }

    [Fact]
    public void Of_eight_VMs_of_two_tenants_four_come_where_the_capacity_is_four()
    {
        var site = Samples.Site("rennes", Samples.Std with { Available = 4 }) with { Capacity = new(null, null, 4) };
        var codes = new List<RefusalCode>();
        var ledger = new SiteLedger();
        foreach (var vm in from tenant in (string[])["astro", "bio"] from vm in Enumerable.Range(1, 4) select $"{tenant}/cg.1/vm{vm}")
        {
            (ledger, var verdict) = ledger.Admit(At(site), [Ledgers.Request(vm)], Ledgers.Lifetime);
            codes.AddRange(verdict.Refusal is { } refusal ? [refusal.Code] : []);
        }

        ledger.Allocations.Count.ShouldBe(4);
        codes.ShouldBe(Enumerable.Repeat(RefusalCode.CapacitySiteVms, 4));
    }

    [Fact]
    public void A_stay_that_is_left_taken_back_and_left_again_is_metered_from_its_begin()
    {
        var ledger = Ledgers.Occupied(Rennes, Ledgers.Request("astro/cg.1/vm1"));
        (ledger, _) = ledger.BeginLeaving(At(Rennes, hours: 50), Vm1, Away);
        ledger = ledger.CancelLeaving(Vm1, Away);
        (ledger, _) = ledger.BeginLeaving(At(Rennes, hours: 99), Vm1, Away);
        ledger.Depart(Vm1, Away, Samples.Now.AddHours(100)).SpentCoreHours["astro"].ShouldBe(400);
    }

    [Fact]
    public void A_VM_that_stays_longer_than_was_planned_counts_for_what_it_uses()
    {
        var site = Rennes with { Quotas = [new("*", null, null, null, 100)] };
        var ledger = Ledgers.Occupied(site, Ledgers.Request("astro/cg.1/vm1"));
        ledger.Admit(At(site, hours: 24), [Ledgers.Request("astro/cg.1/vm2")], Ledgers.Lifetime).Verdict.IsFeasible.ShouldBeTrue();
        ledger.Admit(At(site, hours: 25), [Ledgers.Request("astro/cg.1/vm2")], Ledgers.Lifetime).Verdict.Refusal!.Code.ShouldBe(RefusalCode.QuotaCoreHours);
    }

    [Fact]
    public void What_a_VM_takes_is_what_its_offer_was_when_it_came()
    {
        var ledger = Ledgers.Occupied(Rennes, Ledgers.Request("astro/cg.1/vm1"));
        ledger.Release(Vm1, Samples.Now.AddHours(1)).SpentCoreHours["astro"].ShouldBe(4, "whatever has become of the offer");
    }

    [Fact]
    public void A_place_that_is_only_kept_is_not_left()
    {
        var (ledger, _) = new SiteLedger().Admit(At(Rennes), [Ledgers.Request("astro/cg.1/vm1")], Ledgers.Lifetime);
        ledger.BeginLeaving(At(Rennes), Vm1, Away).Verdict.Refusal!.Code.ShouldBe(RefusalCode.VmNotHere);
    }

    [Fact]
    public void A_migration_that_comes_back_late_takes_nothing_from_the_next_one()
    {
        var back = MigrationId.Parse("astro/cg.1.3.1");
        var ledger = Ledgers.Occupied(Rennes, Ledgers.Request("astro/cg.1/vm1", reservation: ReservationId.OfStep(back)));
        ledger.Depart(Vm1, Away, Samples.Now).ShouldBeSameAs(ledger);
        ledger.CancelLeaving(Vm1, Away).ShouldBeSameAs(ledger);
    }

    [Fact]
    public void What_is_stored_reads_back()
    {
        var ledger = Ledgers.Occupied(
            Rennes, Ledgers.Request("astro/cg.1/vm1"), Adopted() with { Vm = VmRef.Parse("astro/cg.1/vm2") },
            Ledgers.Request("astro/cg.1/vm3", reservation: ReservationId.OfStep(Away)));
        (ledger, _) = ledger.BeginLeaving(At(Rennes), Vm1, Away);
        var again = JsonSerializer.Deserialize<SiteLedger>(JsonSerializer.Serialize(ledger, DomainJson.Options), DomainJson.Options)!;
        JsonSerializer.Serialize(again, DomainJson.Options).ShouldBe(JsonSerializer.Serialize(ledger, DomainJson.Options));
        again.Allocations[Vm1].LeavesBy.ShouldBe(Away);
    }

    private static Door At(Site site, double hours = 0) => new(site, SiteApprovals.None, Samples.Now.AddHours(hours));

    private static AdmissionRequest Adopted() => Ledgers.Request("astro/cg.1/vm1", reservation: ReservationId.OfAdoption(Vm1.Application, 1));
}
