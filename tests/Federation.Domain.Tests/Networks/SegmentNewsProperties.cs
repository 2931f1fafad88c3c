using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

/// <summary>What a host is told, piece by piece, comes to what it would be told at once.</summary>
public sealed class SegmentNewsProperties
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");

    [Fact]
    public void A_host_that_is_told_changes_has_the_same_as_one_that_is_told_all() => Gen.Int[0, 999_999].Array[1, 80].Sample(acts =>
    {
        var register = Begin();
        var known = new Dictionary<VtepId, Segment>();
        var acknowledged = new Dictionary<VtepId, long>();
        foreach (var act in acts)
        {
            var (vm, host, other) = (new VmRef(Application, new($"vm{act / 10 % 4}")), Host(act % 10 > 4 ? act / 100 % 7 : act / 100 % 4), Host(act / 1000 % 4));
            register = (act % 10) switch
            {
                0 or 1 => register.Joined(host, Network(act / 10_000 % 2)).Placed(vm, host, act / 10_000, Nics(vm, act), To),
                2 => register.Placed(vm, null, act / 10_000, [], To),
                3 => register.Vms.GetValueOrDefault(vm)?.At is { } at && at != other ? register.Joined(other, Network(0)).Expected(vm, other, act / 10_000) : register,
                4 => register.Forgotten(vm),
                _ => register,
            };
            if (act % 10 > 4)
            {
                Tell(register, host, known);
                acknowledged[host] = known.TryGetValue(host, out var has) ? has.Revision : 0;
            }

            if (act % 7 == 3)
            {
                // The way in from outside: by one of two gateways, or by none any more.
                register = register.Joined(Host(5), Network(0)).Joined(Host(6), Network(0)).Reached(
                    act / 100 % 3 == 0 ? ImmutableSortedDictionary<VmId, Address>.Empty : ImmutableSortedDictionary<VmId, Address>.Empty.Add(vm.Vm, Address.Parse($"203.0.113.{act / 1000 % 3}")),
                    [Host(5), Host(6)], Host(5 + (act / 100 % 2)), []);
            }

            register = register.Settled(To);
        }

        foreach (var host in Enumerable.Range(0, 7).Select(Host))
        {
            Tell(register, host, known);
            known.ContainsKey(host).ShouldBe(register.Hosts.ContainsKey(host));
            if (known.TryGetValue(host, out var has))
            {
                Text(has, host).ShouldBe(Text(register.Segment(), host));
            }
        }

        long To(VtepId host) => acknowledged.GetValueOrDefault(host);
    }, iter: 5_000);

    [Fact]
    public void What_is_stored_of_a_segment_reads_back_and_tells_the_same()
    {
        var (one, two) = (Host(1), Host(2));
        var vm = new VmRef(Application, new("vm1"));
        var register = Begin().Joined(one, Network(0)).Placed(vm, one, 1, Nics(vm, 0), _ => 0).Joined(two, Network(1)).Expected(vm, two, 2)
            .Placed(vm, two, 3, Nics(vm, 0), _ => 99).Forgotten(new(Application, new("vm2")));
        var read = JsonSerializer.Deserialize<SegmentRegister>(JsonSerializer.Serialize(register, DomainJson.Options), DomainJson.Options)!;
        JsonSerializer.Serialize(read.NewsFor(one, 0), DomainJson.Options).ShouldBe(JsonSerializer.Serialize(register.NewsFor(one, 0), DomainJson.Options));
        var nothing = JsonSerializer.Serialize(SegmentRegister.Nothing(Application, 3, 4), DomainJson.Options);
        JsonSerializer.Deserialize<SegmentUpdate>(nothing, DomainJson.Options)!.Leaves.ShouldBeTrue();
        read.Vms[vm].Former.ShouldBe([one]);
        JsonSerializer.Serialize(read, DomainJson.Options).ShouldBe(JsonSerializer.Serialize(register, DomainJson.Options));
    }

    [Fact]
    public void A_change_that_concerns_two_hosts_is_told_to_no_third_one()
    {
        var vms = Enumerable.Range(0, 3).Select(number => new VmRef(Application, new($"vm{number}"))).ToArray();
        var register = vms.Index().Aggregate(Begin(), (known, vm) => known.Joined(Host(vm.Index), Network(0)).Placed(vm.Item, Host(vm.Index), 1, Nics(vm.Item, 0), _ => 0));
        var expected = register.Expected(vms[0], Host(1), 2);
        expected.NewsFor(Host(2), register.Revision).ShouldBeNull();
        expected.NewsFor(Host(0), register.Revision).ShouldNotBeNull();
        expected.NewsFor(Host(1), register.Revision)!.Entries.ShouldHaveSingleItem().Next.ShouldBe(Host(1));
        expected.Placed(vms[0], Host(1), 3, Nics(vms[0], 0), _ => 99).NewsFor(Host(2), register.Revision).ShouldNotBeNull();
    }

    [Fact]
    public void A_host_that_sends_on_is_told_to_wait_where_a_later_move_is_taken_back()
    {
        var vm = new VmRef(Application, new("vm1"));
        var moved = Begin().Joined(Host(0), Network(0)).Joined(Host(1), Network(1)).Joined(Host(2), Network(0)).Placed(vm, Host(0), 1, Nics(vm, 0), _ => 0)
            .Expected(vm, Host(1), 2).Placed(vm, Host(1), 3, Nics(vm, 0), _ => 99);
        SendsOn(moved).ShouldBeTrue();
        var leaving = moved.Expected(vm, Host(2), 4);
        foreach (var back in (SegmentRegister[])[leaving.Unexpected(vm, 4), leaving.Placed(vm, Host(1), 5, Nics(vm, 0), _ => 0)])
        {
            SendsOn(back).ShouldBeFalse();
            back.NewsFor(Host(0), leaving.Revision).ShouldNotBeNull().Entries.ShouldHaveSingleItem().Former.ShouldBeEmpty();
        }

        static bool SendsOn(SegmentRegister register) => register.Segment().Entries.Values.ShouldHaveSingleItem().Former.Contains(Host(0));
    }

    [Fact]
    public void News_that_begin_after_another_revision_than_a_host_has_are_not_taken() =>
        Begin().Joined(Host(0), Network(0)).Segment().With(new(Application, 7, 9, 1, 1420, default, [], [], [], [])).ShouldBeNull();

    private static SegmentRegister Begin() => new() { Application = Application, Vni = 1, Mtu = 1420, Subnet = Subnet.Parse("10.42.0.0/24") };

    private static VtepId Host(int number) => new(new("s"), $"h{number}");

    private static HostNetwork Network(int number) => new(Address.Parse($"10.0.{number}.1"), 1500);

    private static ImmutableArray<SegmentNic> Nics(VmRef vm, int act) =>
        [.. Enumerable.Range(0, 1 + (act / 5 % 2)).Select(number => new SegmentNic(Address.Parse(DerivedMac.Of(vm, number)), [Address.Parse($"10.42.0.{10 + number}")]))];

    private static void Tell(SegmentRegister register, VtepId host, Dictionary<VtepId, Segment> known)
    {
        if (register.NewsFor(host, known.TryGetValue(host, out var has) ? has.Revision : null) is not { } update)
        {
            return;
        }

        if (update.Leaves)
        {
            known.Remove(host);
        }
        else
        {
            known[host] = (update.Since == 0 ? Segment.Whole(update) : has!.With(update)).ShouldNotBeNull();
        }
    }

    // What concerns other hosts alone may come later.
    private static string Text(Segment segment, VtepId host) => JsonSerializer.Serialize(
        new
        {
            segment.Vni,
            segment.Mtu,
            segment.Subnet,
            Entries = segment.Entries.Values.Select(entry => new { entry.Port, entry.Mac, entry.Addresses, entry.At, Next = entry.At == host || entry.Next == host ? entry.Next : null, SendsOn = entry.Former.Contains(host) }),
            Peers = segment.Entries.Values.SelectMany(entry => new[] { entry.At, entry.At == host ? entry.Next : null }).OfType<VtepId>().Distinct().Order().Select(peer => segment.Peers[peer]),
        },
        DomainJson.Options);
}
