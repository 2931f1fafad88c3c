using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Federation.Grains.Tests.Making;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

/// <summary>The network of an application, with agents that ask for it as hosts' agents do.</summary>
public sealed class SegmentGrainTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly VmRef Vm = new(Application, new("vm1"));
    private static readonly VmRef Other = new(Application, new("vm2"));
    private static readonly HostPost A = new(new("a"), "h1");
    private static readonly HostPost B = new(new("b"), "h1");
    private static readonly HostPost C = new(new("c"), "h1");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_VM_s_record_alone_tells_its_network_where_it_is_and_all_hosts_hear_of_it()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A, address: "192.0.2.1");
        await using var b = await OverlayAgent.Start(cluster.Grains, B, mtu: 1520, address: "2001:db8::2");
        await cluster.Grains.Vm(Vm).Own(new(Samples.At("a"), "h1"), "start", Guest(Vm, "10.42.0.1"));
        await cluster.Grains.Vm(Other).Own(new(Samples.At("b"), "h1"), "start", Guest(Other, "10.42.0.2"));
        await Until(() => Has(a, Vm, A) && Has(a, Other, B) && Has(b, Vm, A) && Has(b, Other, B));
        a.Segments[Application].Peers[Vtep(B)].Address.ShouldBe(Address.Parse("2001:db8::2"));
        a.Segments[Application].Vni.ShouldBe(1);

        await cluster.Grains.Vm(Other).Own(new(Samples.At("a"), "h1"), "moved");
        await Until(() => Has(a, Other, A) && !b.Segments.ContainsKey(Application));

        await cluster.Grains.Vm(Vm).SetLocation(null, await cluster.Grains.Vm(Vm).NextEpoch("stop"));
        await Until(() => a.Segments[Application].Entries.Count == 1);
    }

    [Fact]
    public async Task A_move_may_begin_once_both_its_hosts_have_acknowledged_it_and_who_has_not_is_said()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        var segment = cluster.Grains.Segment(Application);
        (await segment.Placed(At(A, 1), Long)).IsFeasible.ShouldBeTrue();
        b.Hold();

        var refusal = (await segment.Expect(At(A, 2), B, Short)).Refusal!;
        refusal.ShouldBe(Refusal.SegmentUnacknowledged(Vm, [Vtep(B)]));
        RefusalText.Of(refusal).ShouldBe("hosts have not taken over where astro/cg/vm1 is to be reached: b/h1. 'fedctl host list' tells whether their agents are heard of");
        b.Release();

        (await segment.Expect(At(A, 2), B, Long)).IsFeasible.ShouldBeTrue();
        a.Segments[Application].Entries[new(Vm, 0)].Next.ShouldBe(Vtep(B));
        b.Segments[Application].Entries[new(Vm, 0)].Next.ShouldBe(Vtep(B));
    }

    [Fact]
    public async Task The_host_that_a_VM_left_sends_on_until_every_other_one_has_acknowledged_where_it_is()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        await using var c = await OverlayAgent.Start(cluster.Grains, C);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(new(Other, C, 1, Guest(Other, "10.42.0.2").Nics), Long);
        await segment.Placed(At(A, 1), Long);
        await segment.Expect(At(A, 2), B, Long);
        c.Hold();

        await segment.Placed(At(B, 3), Long);
        await Until(() => a.Segments[Application].Entries[new(Vm, 0)] is { Former: [var former] } && former == Vtep(A));
        (await segment.Get())!.Hosts.Single(host => host.Host == Vtep(C)).BehindSince.ShouldNotBeNull();
        c.Release();

        await Until(() => !a.Segments.ContainsKey(Application));
        b.Segments[Application].Peers.Keys.ShouldBe([Vtep(B), Vtep(C)]);
    }

    [Fact]
    public async Task A_move_between_a_host_with_and_one_without_the_overlay_is_refused_and_between_two_without_it_needs_nothing()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await OverlayAgent.Tell(cluster.Grains, B, network: null);
        await OverlayAgent.Tell(cluster.Grains, C, network: null);
        var segment = cluster.Grains.Segment(Application);
        (await segment.Placed(At(B, 1), Long)).IsFeasible.ShouldBeTrue();
        (await segment.Expect(At(B, 2), C, Long)).IsFeasible.ShouldBeTrue();
        (await segment.Get()).ShouldBeNull();

        RefusalText.Of((await segment.Expect(At(B, 2), A, Long)).Refusal!).ShouldStartWith("host a/h1 is on the overlay and b/h1 is not");
        (await segment.Expect(At(A, 3), B, Long)).Refusal.ShouldBe(Refusal.OverlayAtOneEnd("a/h1", "b/h1"));
    }

    [Fact]
    public async Task A_network_s_packets_are_as_long_as_the_least_host_of_its_sites_carries_and_who_carries_less_later_is_refused()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Grains.Site(B.Site).Apply(Samples.Site("b"));
        await using var a = await OverlayAgent.Start(cluster.Grains, A, mtu: 9000);
        await using var b = await OverlayAgent.Start(cluster.Grains, B, mtu: 1450);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(At(A, 1), Long);
        a.Segments[Application].Mtu.ShouldBeInRange(1280, 1450);

        await OverlayAgent.Tell(cluster.Grains, C, new(Address.Parse("192.0.2.3"), 1400));
        (await segment.Expect(At(A, 2), C, Long)).Refusal.ShouldBe(Refusal.SegmentMtu(C.Site, "h1", Application, 1400, 1450));
        (await segment.Placed(At(C, 3), Long)).Refusal!.Code.ShouldBe(RefusalCode.SegmentMtu);
        (await segment.Get())!.Segment.Entries.ShouldBeEmpty("it is on no host that could carry it");
    }

    [Fact]
    public async Task What_is_told_late_changes_nothing()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(At(A, 3), Long);
        await segment.Placed(At(B, 2), TimeSpan.Zero);
        (await segment.Expect(At(A, 2), B, Short)).Refusal!.Code.ShouldBe(RefusalCode.VmNotHere);
        await segment.Unexpect(Vm.Vm, 2);
        Has(a, Vm, A).ShouldBeTrue();
        (await segment.Get())!.Segment.Entries[new(Vm, 0)].ShouldSatisfyAllConditions(entry => entry.At.ShouldBe(Vtep(A)), entry => entry.Next.ShouldBeNull());
    }

    [Fact]
    public async Task After_a_silo_was_lost_hosts_say_again_what_they_have_and_a_move_may_begin()
    {
        await using var cluster = await Cluster.StartSilos(2, TimeProvider.System);
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(At(A, 1), Long);
        var revision = a.Segments[Application].Revision;

        await cluster.KillHostOf(segment);
        await Reached(() => segment.Expect(At(A, 2), B, Long));

        (await segment.Expect(At(A, 2), B, Long)).IsFeasible.ShouldBeTrue();
        a.Segments[Application].Revision.ShouldBeGreaterThan(revision);
        (await segment.Get())!.Segment.Vni.ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_application_s_network_leaves_nothing_at_its_hosts_and_its_number_is_free_once_all_have_said_so()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        var (segment, next) = (cluster.Grains.Segment(Application), Application with { Incarnation = 2 });
        await segment.Placed(At(A, 1), Long);
        await segment.Expect(At(A, 2), B, Long);
        b.Hold();
        await segment.Delete();
        await Until(() => !a.Segments.ContainsKey(Application));
        (await segment.Get()).ShouldBeNull();
        (await segment.Placed(At(A, 4), TimeSpan.Zero)).IsFeasible.ShouldBeTrue("nobody is told of it any more");
        (await cluster.Grains.SegmentNumbers().Take(next)).ShouldBe(2, "a host has something of the first one yet");
        (await cluster.Grains.SegmentNumbers().Take(Application)).ShouldBe(1);
        b.Release();

        await Until(() => !b.Segments.ContainsKey(Application));
        // Given back: it is another one when it is asked for.
        await UntilAsync(async () => await cluster.Grains.SegmentNumbers().Take(Application) != 1);
    }

    [Fact]
    public async Task A_host_that_was_fenced_is_waited_for_no_more_and_told_all_when_it_is_back()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        await using var c = await OverlayAgent.Start(cluster.Grains, C);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(new(Other, C, 1, Guest(Other, "10.42.0.2").Nics), Long);
        await segment.Placed(At(A, 1), Long);
        c.Hold();
        await segment.Placed(At(B, 2), Long);
        cluster.Clock.Advance(AgentStatus.LongestSilence + TimeSpan.FromSeconds(1));
        await UntilAsync(async () => (await cluster.Grains.Site(C.Site).FenceHost("h1")).Did);

        await UntilAsync(async () => (await segment.Get())!.Segment.Entries[new(Vm, 0)].Former.IsEmpty && (await segment.Get())!.Hosts.All(host => host.Host != Vtep(A)));
        c.Release();
        await Until(() => Has(c, Vm, B));
    }

    [Fact]
    public async Task A_VM_that_names_no_address_gets_one_that_stays_its_own_while_it_is_stopped_and_elsewhere()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        await using var b = await OverlayAgent.Start(cluster.Grains, B);
        var segment = cluster.Grains.Segment(Application);
        await segment.Placed(new(Vm, A, 1, Guest(Vm).Nics), Long);
        var given = a.Segments[Application].Entries[new(Vm, 0)].Addresses.ShouldHaveSingleItem();
        given.ToString().ShouldBe("10.129.0.2");
        await segment.Placed(new(Vm, null, 2, []), Long);
        await segment.Placed(new(Other, A, 1, Guest(Other).Nics), Long);
        a.Segments[Application].Entries[new(Other, 0)].Addresses.ShouldBe([Address.Parse("10.129.0.3")]);

        await segment.Placed(new(Vm, B, 3, Guest(Vm).Nics), Long);
        b.Segments[Application].Entries[new(Vm, 0)].Addresses.ShouldBe([given]);
        (await segment.Given()).Keys.ShouldBe([Vm.Vm, Other.Vm]);
        await segment.Forget(Vm.Vm);
        (await segment.Given()).Keys.ShouldBe([Other.Vm]);
    }

    [Fact]
    public async Task A_VM_that_asks_for_its_address_in_its_texts_is_told_the_one_that_its_network_gave_it()
    {
        await using var cluster = await Cluster.Start();
        await using var a = await OverlayAgent.Start(cluster.Grains, A);
        var guest = Guest(Vm) with { UserData = "address: ${vm:address}" };
        (await GivenAddresses.PutIn(cluster.Grains, guest)).UserData.ShouldBe("address: ");

        await cluster.Grains.Segment(Application).Placed(new(Vm, A, 1, guest.Nics), Long);
        var given = a.Segments[Application].Entries[new(Vm, 0)].Addresses.ShouldHaveSingleItem();
        (await GivenAddresses.PutIn(cluster.Grains, guest)).UserData.ShouldBe($"address: {given}");
    }

    private static SegmentPlacement At(HostPost host, long epoch) => new(Vm, host, epoch, Guest(Vm, "10.42.0.1").Nics);

    private static GuestSpec Guest(VmRef vm, params string[] addresses) =>
        new() { Vm = vm, Vcpus = 1, MemoryBytes = 1 << 24, Nics = [new(DerivedMac.Of(vm, 0), [.. addresses.Select(Address.Parse)])] };

    private static VtepId Vtep(HostPost host) => new(host.Site, host.Host);

    private static bool Has(OverlayAgent agent, VmRef vm, HostPost at) =>
        agent.Segments.TryGetValue(Application, out var segment) && segment.Entries.TryGetValue(new(vm, 0), out var entry) && entry.At == Vtep(at);

    private static Task Until(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Patience, "it does not come");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    // While a silo's death is being noticed, calls to its grains fail.
    private static async Task Reached<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception fault) when (fault is OrleansException or TimeoutException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
