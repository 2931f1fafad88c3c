using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteImpactTests
{
    private static readonly Site Before = Samples.Site("rennes") with { Policy = new() { Residency = ["eu"] } };

    [Fact]
    public void A_description_that_takes_nothing_away_affects_nobody() => Affected(Before with
    {
        Policy = Before.Policy with { ManualApproval = true, MigrationsIn = 0, Arrivals = [new([], new(1, 0), new(2, 0), TimeZoneInfo.Utc)] },
    }).ShouldBeEmpty();

    [Fact]
    public void A_tenant_that_is_not_admitted_any_more() =>
        Affected(Before with { Policy = Before.Policy with { Tenants = ["bio"] } })
            .ShouldBe(["cg/vm1 policy: rennes does not admit tenant astro", "cg/vm2 policy: rennes does not admit tenant astro"]);

    [Fact]
    public void An_offer_that_is_sold_no_more() =>
        Affected(Before with { Offers = [Samples.Std with { Name = "big" }] }).First().ShouldBe("cg/vm1 offer: rennes sells no std any more");

    [Fact]
    public void A_residency_that_is_offered_no_more_affects_who_asks_for_it() =>
        Affected(Before with { Policy = new() }).ShouldBe(["cg/vm2 residency: rennes does not offer eu"]);

    [Fact]
    public void A_site_that_closes_now() =>
        Affected(Before with { Availability = [new(Samples.Now.AddHours(1), Samples.Now.AddHours(2))] })
            .ShouldContain("ft/vm1 availability: rennes is not available at 2026-11-23T12:00Z");

    [Fact]
    public void An_offer_of_which_one_application_has_more_than_it_may() =>
        Affected(Before with { Offers = [Samples.Std with { Available = 1 }] })
            .ShouldBe(["cg/vm1 capacity: cg has 2 of std, rennes lets one application have 1", "cg/vm2 capacity: cg has 2 of std, rennes lets one application have 1"]);

    [Fact]
    public void A_quota_that_a_tenant_is_over() =>
        Affected(Before with { Quotas = [new("astro", 4, null, null, null)] })
            .ShouldBe(["cg/vm1 quota: tenant astro occupies 8 vCPUs, and may 4", "cg/vm2 quota: tenant astro occupies 8 vCPUs, and may 4"]);

    // Two VMs of astro, the second asks for residency, and one of bio.
    private static IEnumerable<string> Affected(Site next)
    {
        var ledger = new SiteLedger();
        (ledger, var verdict) = ledger.Reserve(Before, [Allocation("cg/vm1", "astro"), Allocation("cg/vm2", "astro"), Allocation("ft/vm1", "bio")], Samples.Now, TimeSpan.FromMinutes(5));
        verdict.IsFeasible.ShouldBeTrue();
        var specs = new Dictionary<VmRef, VmSpec> { [VmRef.Parse("cg/vm2")] = Samples.Vm("vm2") with { Residency = ["eu"] } };
        return SiteImpact.Of(next, ledger, specs, Samples.Now).Select(hit => $"{hit.Vm} {hit.Refusal}");
    }

    private static Allocation Allocation(string vm, string tenant) =>
        new(VmRef.Parse(vm), new(tenant), "std", "r", AllocationState.Here, Migrates: false, Samples.Now, CoreHours: 1);
}
