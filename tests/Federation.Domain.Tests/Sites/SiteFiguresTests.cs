using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class SiteFiguresTests
{
    private static readonly SiteHosts Hosts = HostSamples.Hosts("h1", "h2", "h3");

    [Fact]
    public void Free_room_is_counted_host_by_host_and_what_no_VM_reaches_is_fragmentation()
    {
        var figures = Of(Samples.Site("rennes"), Hosts, Place("astro/cg.1/vm1", "h1", vcpus: 6, gib: 4), Place("astro/cg.1/vm2", "h2", vcpus: 6, gib: 4), Place("bio/ft.1/vm1", "h3", vcpus: 5, gib: 12));
        var vcpus = figures.Resources[0];
        (vcpus.Size, vcpus.Used, vcpus.Free, vcpus.Largest).ShouldBe((24, 17, 7, 3));
        vcpus.Fragmentation.ShouldBe(1 - (3 / 7.0), 1e-12);
        (figures.Resources[1].Free, figures.Resources[1].Largest).ShouldBe((28 * Samples.GiB, 12 * Samples.GiB));
        figures.Offers.ShouldBe([new("std", 0, 1)], "each host has less than the 4 vCPUs that all of them have together");
        figures.Hosts.Select(host => (host.Name, host.Vms, host.Free.Vcpus)).ShouldBe([("h1", 1, 2), ("h2", 1, 2), ("h3", 1, 3)]);
    }

    [Fact]
    public void A_host_that_takes_no_VMs_has_no_room_to_give_and_takes_power_as_long_as_it_is_heard_of()
    {
        var site = Samples.Site("rennes") with { Energy = new(10, PriceSchedule.Always(0)) { WattsPerHost = 90 } };
        var cordoned = Hosts.Order(site.Id, "h3", HostState.Cordoned, "anna", Samples.Now).Hosts;
        var figures = Of(site, cordoned, Place("astro/cg.1/vm1", "h3", vcpus: 2, gib: 4));
        figures.Resources[0].Size.ShouldBe(16);
        figures.Power.ShouldBe(new(3, 2, 90, 20));
        (figures.Power!.AtRestWatts, figures.Power.IdleWatts).ShouldBe((270, 180));
        var lost = cordoned.Miss(Samples.Now.AddMinutes(1), TimeSpan.FromSeconds(30)).Hosts;
        Of(site, lost).Power!.HostsOn.ShouldBe(0, "nobody knows whether they are on");
    }

    [Fact]
    public void A_site_that_does_not_say_what_hosts_take_shows_what_vCPUs_take_and_one_without_hosts_neither_hosts_nor_fragmentation()
    {
        var figures = Of(Samples.Site("rennes") with { Energy = new(10, PriceSchedule.Always(0)) }, SiteHosts.None, Place("astro/cg.1/vm1", null, vcpus: 2, gib: 4));
        (figures.Power!.AtRestWatts, figures.Power.VcpuWatts).ShouldBe((null, 20));
        (figures.Hosts.Length, figures.Resources.Length, figures.Offers.Length).ShouldBe((0, 0, 0));
        figures.Tenants.ShouldHaveSingleItem().Share.ShouldBe(1, "of what is in use, where nothing is limited");
        Of(Samples.Site("rennes"), SiteHosts.None).Fairness.ShouldBeNull();
    }

    [Fact]
    public void A_tenant_s_share_is_that_of_the_resource_of_which_it_has_most()
    {
        var site = Samples.Site("rennes") with { Capacity = new(20, 100 * Samples.GiB, null, Headroom: 0.5) };
        var figures = Of(site, SiteHosts.None, Place("astro/cg.1/vm1", null, vcpus: 4, gib: 5), Place("bio/ft.1/vm1", null, vcpus: 1, gib: 40));
        figures.Tenants.Select(tenant => (tenant.Tenant.Value, tenant.Share, tenant.Resource)).ShouldBe([("bio", 0.8, "memory"), ("astro", 0.4, "vcpus")]);
        figures.Fairness!.Value.ShouldBe(1.2 * 1.2 / (2 * (0.64 + 0.16)), 1e-12);
    }

    [Fact]
    public void Fairness_is_1_where_all_have_the_same_and_never_less_than_where_one_has_all() =>
        Gen.Int[1, 30].Array[1, 8].Sample(vcpus =>
        {
            var fairness = Of(Samples.Site("rennes"), SiteHosts.None, [.. vcpus.Select((count, index) => Place($"t{index}/cg.1/vm1", null, count, count))]).Fairness!.Value;
            fairness.ShouldBeInRange((1.0 / vcpus.Length) - 1e-12, 1 + 1e-12);
            (Math.Abs(fairness - 1) < 1e-9).ShouldBe(vcpus.Distinct().Count() == 1);
        });

    private static SiteFigures Of(Site site, SiteHosts hosts, params Allocation[] places) =>
        SiteFigures.Of(site, hosts, new() { Allocations = ImmutableSortedDictionary.CreateRange(places.Select(place => KeyValuePair.Create(place.Vm, place))) }, Samples.Now);

    private static Allocation Place(string vm, string? host, int vcpus, long gib) => new(
        VmRef.Parse(vm), "std", vcpus, gib * Samples.GiB, ReservationId.OfStart(new(VmRef.Parse(vm).Application, 1)), AllocationState.Occupied, Migrates: false, Samples.Now, CoreHours: 0)
    {
        Host = host,
    };
}
