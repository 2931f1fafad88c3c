using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Sites;

public sealed class HostChoiceTests
{
    private static readonly SiteHosts Two = HostSamples.Hosts("h1", "h2");

    [Fact]
    public void VMs_that_talk_are_packed_and_those_to_be_kept_apart_are_spread_before_that()
    {
        var groups = Wishing("vm1", near: "vm2", apart: null).Concat(Wishing("vm2", near: "vm1", apart: null));
        HostsOf(Admitted(Two, groups)).ShouldBe(["h1", "h1"]);
        var apart = Wishing("vm1", near: "vm2", apart: "vm2").Concat(Wishing("vm2", near: "vm1", apart: "vm1"));
        HostsOf(Admitted(Two, apart)).ShouldBe(["h1", "h2"]);
    }

    [Fact]
    public void A_VM_without_wishes_goes_where_least_is_left()
    {
        var hosts = Two.Heard("h3", HostSamples.Facts(gib: 9), Samples.Now).Hosts;
        HostsOf(Admitted(hosts, [Ledgers.Request("astro/cg.1/vm1")])).ShouldBe(["h3"]);
    }

    [Fact]
    public void What_a_host_cannot_show_its_VM_it_is_not_picked_for()
    {
        var hosts = SiteHosts.None.Heard("h1", HostSamples.Facts(cpus: ["Haswell"]), Samples.Now).Hosts.Heard("h2", HostSamples.Facts(cpus: ["Skylake", "Haswell"]), Samples.Now).Hosts;
        var request = Ledgers.Request("astro/cg.1/vm1");
        HostsOf(Admitted(hosts, [request with { Needs = request.Needs with { Hardware = new(CpuModel: "Skylake") } }])).ShouldBe(["h2"]);
        var (_, verdict) = new SiteLedger().Admit(HostSamples.Door(hosts), [request with { Needs = request.Needs with { Hardware = new(CpuModel: "Zen") } }], Ledgers.Lifetime);
        $"{verdict.Refusal}".ShouldBe("capacity: no host of site rennes can take astro/cg/vm1: h1 has no CPU model Zen, h2 has no CPU model Zen");
    }

    [Fact]
    public void Room_that_is_there_in_sum_and_on_no_host_is_none()
    {
        var hosts = SiteHosts.None.Heard("h1", HostSamples.Facts(vcpus: 3), Samples.Now).Hosts.Heard("h2", HostSamples.Facts(vcpus: 3), Samples.Now).Hosts;
        var (_, verdict) = new SiteLedger().Admit(HostSamples.Door(hosts), [Ledgers.Request("astro/cg.1/vm1")], Ledgers.Lifetime);
        verdict.Refusal!.Code.ShouldBe(RefusalCode.CapacityHosts);
    }

    [Fact]
    public void Disks_count()
    {
        var request = Ledgers.Request("astro/cg.1/vm1");
        var (_, verdict) = new SiteLedger().Admit(
            HostSamples.Door(Two), [request with { Needs = request.Needs with { DiskBytes = 1025 * Samples.GiB } }], Ledgers.Lifetime);
        $"{verdict.Refusal}".ShouldContain("h1 lacks 1 GiB of disk");
    }

    [Fact]
    public void A_VM_moves_within_its_site_to_a_host_of_the_same_driver_only()
    {
        var hosts = HostSamples.Hosts("h1").Heard("h2", HostSamples.Facts(driver: "libvirt"), Samples.Now).Hosts;
        var (ledger, door) = (Here(HostSamples.Hosts("h1")), HostSamples.Door(hosts));
        $"{ledger.Admit(door, [Move], Ledgers.Lifetime).Verdict.Refusal}".ShouldContain("h2 runs libvirt, and h1 qemu");
        ledger.Admit(HostSamples.Door(Two), [Move], Ledgers.Lifetime).Ledger.Allocations[Move.Vm].Next!.Host.ShouldBe("h2");
    }

    [Fact]
    public void A_move_within_the_site_ends_on_the_next_host_and_its_stay_goes_on()
    {
        var (ledger, door) = (Here(HostSamples.Hosts("h1")), HostSamples.Door(Two));
        var (by, later) = (Move.Reservation.Step!.Value, door with { Now = Samples.Now.AddHours(3) });
        ledger = ledger.Admit(later, [Move], Ledgers.Lifetime).Ledger.BeginLeaving(later, Move.Vm, by).Ledger.Confirm(later, Move.Vm, Move.Reservation).Ledger
            .Arrive(later, Move.Vm, Move.Reservation).Ledger;
        ledger.On("h1").Length.ShouldBe(1, "it counts on both until its old place is given back");
        ledger.On("h2").Length.ShouldBe(1);
        ledger = ledger.Depart(Move.Vm, by, later.Now);
        ledger.Allocations[Move.Vm].ShouldBe(ledger.Allocations[Move.Vm] with { Host = "h2", Next = null, State = AllocationState.Occupied, Since = Samples.Now, LeavesBy = null });
        ledger.SpentCoreHours.ShouldBeEmpty();
    }

    [Fact]
    public void A_move_within_the_site_asks_nobody_for_a_departure_and_is_none_of_those_that_leave()
    {
        var site = Samples.Site("rennes") with { Policy = new() { ManualApproval = true, ManualDepartures = true, MigrationsOut = 0, MigrationsIn = 0 } };
        var door = HostSamples.Door(Two, site);
        var ledger = Here(HostSamples.Hosts("h1")).Admit(door, [Move], Ledgers.Lifetime).Ledger;
        ledger.BeginLeaving(door, Move.Vm, Move.Reservation.Step!.Value).Verdict.IsFeasible.ShouldBeTrue();
    }

    [Fact]
    public void A_VM_that_is_on_its_way_is_not_lost_with_the_host_that_it_leaves()
    {
        var (ledger, door) = (Here(HostSamples.Hosts("h1")), HostSamples.Door(Two));
        ledger.LostWith("h1").ShouldBe([Move.Vm]);
        ledger.BeginLeaving(door, Move.Vm, Move.Reservation.Step!.Value).Ledger.LostWith("h1").ShouldBeEmpty();
    }

    [Fact]
    public void A_VM_wishes_to_be_near_its_group_and_apart_from_what_it_is_to_be_spread_with()
    {
        VmId[] vms = [new("vm1"), new("vm2"), new("vm3")];
        var wishes = HostWishes.Of(vms[0], [[vms[0], vms[1]], [vms[2]]], [[vms[0], vms[2]]]);
        wishes.Near.ShouldBe([vms[1]]);
        wishes.Apart.ShouldBe([vms[2]]);
    }

    private static AdmissionRequest Move { get; } = Ledgers.Request("astro/cg.1/vm1", reservation: ReservationId.OfStep(MigrationId.Parse("astro/cg.1.2.1")));

    private static SiteLedger Here(SiteHosts hosts)
    {
        var (request, door) = (Ledgers.Request("astro/cg.1/vm1"), HostSamples.Door(hosts));
        return Admitted(hosts, [request]).Confirm(door, request.Vm, request.Reservation).Ledger.Arrive(door, request.Vm, request.Reservation).Ledger;
    }

    private static IEnumerable<AdmissionRequest> Wishing(string vm, string? near, string? apart) =>
        [Ledgers.Request($"astro/cg.1/{vm}") with { Wishes = new(near is null ? [] : [new(near)], apart is null ? [] : [new(apart)]) }];

    private static SiteLedger Admitted(SiteHosts hosts, IEnumerable<AdmissionRequest> requests)
    {
        var (ledger, verdict) = new SiteLedger().Admit(HostSamples.Door(hosts), [.. requests], Ledgers.Lifetime);
        verdict.Refusal.ShouldBeNull();
        return ledger;
    }

    private static IEnumerable<string?> HostsOf(SiteLedger ledger) => ledger.Allocations.Values.Select(place => place.Host);
}
