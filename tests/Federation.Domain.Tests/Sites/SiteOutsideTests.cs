using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

/// <summary>A description that is tightened below what is in use: nobody goes, it is said who stands outside, and by what.</summary>
public sealed class SiteOutsideTests
{
    private static readonly Site Before = Samples.Site("rennes") with { Policy = new() { Residency = ["eu"] } };

    [Fact]
    public void A_description_that_takes_nothing_away_leaves_nobody_outside() => Outside(Before with
    {
        Capacity = new(12, 24 * Samples.GiB, 3),
        Policy = Before.Policy with { ManualApproval = true, MigrationsIn = 0, Arrivals = [new([], new(1, 0), new(2, 0), TimeZoneInfo.Utc)] },
    }).ShouldBeEmpty();

    [Fact]
    public void A_tenant_that_is_not_admitted_any_more() =>
        Outside(Before with { Policy = Before.Policy with { Tenants = ["bio"] } })
            .ShouldBe(["astro/cg/vm1 policy: rennes does not admit tenant astro", "astro/cg/vm2 policy: rennes does not admit tenant astro"]);

    [Fact]
    public void An_offer_that_is_sold_no_more() =>
        Outside(Before with { Offers = [Samples.Std with { Name = "big" }] }).First().ShouldBe("astro/cg/vm1 offer: rennes sells no std any more");

    [Fact]
    public void A_residency_that_is_offered_no_more_leaves_outside_who_asks_for_it() =>
        Outside(Before with { Policy = new() }).ShouldBe(["astro/cg/vm2 residency: rennes does not offer eu"]);

    [Fact]
    public void A_site_that_closes_now() =>
        Outside(Before with { Availability = [new(Samples.Now.AddHours(1), Samples.Now.AddHours(2))] })
            .ShouldContain("bio/ft/vm1 availability: rennes is not available at 2026-11-23T12:00Z");

    [Fact]
    public void An_offer_of_which_one_application_has_more_than_it_may() =>
        Outside(Before with { Offers = [Samples.Std with { Available = 1 }] }).ShouldBe(
        [
            "astro/cg/vm1 capacity: astro/cg has 2 of std, rennes lets one application have 1",
            "astro/cg/vm2 capacity: astro/cg has 2 of std, rennes lets one application have 1",
        ]);

    [Fact]
    public void A_quota_that_a_tenant_is_over() =>
        Outside(Before with { Quotas = [new("astro", 4, null, null, null)] }).ShouldBe(
            ["astro/cg/vm1 quota: tenant astro occupies 8 vCPUs, and may 4", "astro/cg/vm2 quota: tenant astro occupies 8 vCPUs, and may 4"]);

    [Fact]
    public void A_quota_of_core_hours_that_a_tenant_has_used_up() =>
        Outside(Before with { Quotas = [new("astro", null, null, null, 1)] }).ShouldBe(
            ((string[])["astro/cg/vm1", "astro/cg/vm2"]).Select(vm => $"{vm} quota: tenant astro occupies 2 core-hours, and may 1"));

    [Fact]
    public void A_capacity_that_all_tenants_together_are_over() =>
        Outside(Before with { Capacity = new(null, null, 3, Headroom: 0.2) }).ShouldBe(
            ((string[])["astro/cg/vm1", "astro/cg/vm2", "bio/ft/vm1"]).Select(vm => $"{vm} capacity: 3 VMs of all tenants are at rennes, which has 2 VMs"));

    [Fact]
    public void Who_stands_outside_stays_counts_and_lets_nobody_else_in()
    {
        var tight = Before with { Capacity = new(null, null, 2) };
        var ledger = Ledgers.Occupied(Before, Ledgers.Request("astro/cg.1/vm1"), Ledgers.Request("astro/cg.1/vm2"), Ledgers.Request("bio/ft.1/vm1"));
        var door = new Door(tight, SiteApprovals.None, Samples.Now);
        ledger.Admit(door, [Ledgers.Request("bio/ft.1/vm2")], Ledgers.Lifetime).Verdict.IsFeasible.ShouldBeFalse();
        ledger = ledger.Release(VmRef.Parse("astro/cg.1/vm1"), Samples.Now).Release(VmRef.Parse("astro/cg.1/vm2"), Samples.Now);
        ledger.Admit(door, [Ledgers.Request("bio/ft.1/vm2")], Ledgers.Lifetime).Verdict.IsFeasible.ShouldBeTrue();
    }

    // Two VMs of astro, the second asks for residency, and one of bio.
    private static IEnumerable<string> Outside(Site next) => Ledgers
        .Occupied(Before, Ledgers.Request("astro/cg.1/vm1"), Ledgers.Request("astro/cg.1/vm2", residency: "eu"), Ledgers.Request("bio/ft.1/vm1"))
        .Outside(next, Samples.Now).Select(vm => $"{vm.Vm} {vm.Refusal}");
}
