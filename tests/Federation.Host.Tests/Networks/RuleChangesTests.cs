using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Networks;

public sealed class RuleChangesTests
{
    private static readonly VtepId There = new(new("rennes"), "h1");

    private static readonly Gen<(SegmentRules Before, SegmentRules After)> Two =
        Gen.Select(RandomSegments.Any, RandomSegments.Any, (before, after) => (RandomSegments.Rules(before), RandomSegments.Rules(after)));

    [Fact]
    public void Done_to_what_was_the_changes_make_what_is_wanted() => Two.Sample(rules =>
    {
        foreach (var isReversed in (bool[])[false, true])
        {
            var kernel = new TrialKernel(RandomSegments.Vni, rules.Before);
            foreach (var _ in kernel.Do(RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After), isReversed))
            {
            }

            kernel.HasTheTargets.ShouldBeTrue();
            ShouldBeAlike(kernel.Rules with { Guarded = kernel.Rules.Guarded.Intersect(rules.After.Guarded) }, rules.After);
        }
    });

    [Fact]
    public void What_is_sent_on_is_never_here_and_always_has_a_way() => Two.Sample(rules =>
    {
        foreach (var now in new TrialKernel(RandomSegments.Vni, rules.Before).Do(RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After)))
        {
            now.Forwarded.ShouldBeSubsetOf(now.Tunnels.Keys);
            now.Forwarded.ShouldAllBe(mac => now.Ports[mac] == DeviceNames.Tunnel(RandomSegments.Vni));
        }
    });

    [Fact]
    public void What_may_be_done_at_once_never_sends_on_to_where_a_VM_does_not_go_and_leaves_none_that_waits_without_its_tap() => Two.Sample(rules =>
    {
        foreach (var now in new TrialKernel(RandomSegments.Vni, rules.Before).Do(RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After), isReversed: true))
        {
            now.Forwarded.ShouldAllBe(mac => now.Tunnels.ContainsKey(mac));
            now.Forwarded.Except(rules.Before.Forwarded).ShouldAllBe(mac => now.Tunnels[mac] == rules.After.Tunnels[mac]);
        }
    });

    [Fact]
    public void What_is_done_before_all_else_has_its_way_there_and_is_done_once_more() => Two.Sample(rules =>
    {
        var changes = RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After);
        changes.ForwardedAhead.Concat(changes.PortsAhead.Where(way => way.Value == DeviceNames.Tunnel(RandomSegments.Vni)).Select(way => way.Key))
            .ShouldAllBe(mac => rules.Before.Tunnels[mac] == rules.After.Tunnels[mac]);
        changes.PortsAhead.ShouldAllBe(way => changes.Bridge.Contains($"fdb replace {way.Key} dev {way.Value} master static"));
        changes.ForwardedAhead.ShouldAllBe(mac => changes.Last.Any(line => line.Contains($"{mac}")));
    });

    [Fact]
    public void What_waits_for_a_VM_that_comes_is_not_sent_on_and_goes_to_one_tap_only() => RandomSegments.Any.Sample(of =>
    {
        var rules = RandomSegments.Rules(of);
        rules.Awaited.Keys.Intersect(rules.Forwarded).ShouldBeEmpty();
        rules.Awaited.ShouldAllBe(way => rules.Ports.GetValueOrDefault(way.Key, way.Value) == way.Value || rules.Ports[way.Key] == DeviceNames.Tunnel(RandomSegments.Vni));
    });

    [Fact]
    public void At_a_switch_only_the_bridge_and_the_filter_are_told_one_line_each_and_both_at_once()
    {
        var (before, announced, stands) = (At(GuestState.Running, null), At(GuestState.Running, There), At(GuestState.AtSwitch, There));

        RuleChanges.Between(RandomSegments.Vni, before, announced).Bridge.ShouldBe(["fdb replace 52:54:00:00:00:01 dev fx00002a dst 10.0.0.2 self permanent"]);
        var changes = RuleChanges.Between(RandomSegments.Vni, announced, stands);
        changes.IsOrdered.ShouldBeFalse();
        (changes.PortsAhead.Single().Value, changes.ForwardedAhead.Count).ShouldBe(("fx00002a", 1));
        changes.Bridge.ShouldBe(["fdb replace 52:54:00:00:00:01 dev fx00002a master static"]);
        changes.Last.ShouldBe(["add element netdev fx00002a forwarded { 52:54:00:00:00:01 }"]);
        (changes.First.Length, changes.Neighbours.Length).ShouldBe((0, 0));

        // Taken back, nothing is sent on any more before anything else.
        RuleChanges.Between(RandomSegments.Vni, stands, announced).IsOrdered.ShouldBeTrue();
    }

    [Fact]
    public void A_VM_that_has_come_needs_one_line_before_it_may_run()
    {
        var (comes, complete, runs) = (Comes(GuestState.Receiving), Comes(GuestState.Received), Comes(GuestState.Running));

        comes.Awaited.ShouldBe(complete.Awaited);
        RuleChanges.Between(RandomSegments.Vni, comes, complete).Bridge.ShouldContain("fdb replace 52:54:00:00:00:01 dev fv1 master static");
        RuleChanges.Between(RandomSegments.Vni, comes, complete).Last.ShouldBeEmpty();
        runs.Awaited.ShouldBeEmpty();
    }

    [Fact]
    public void What_does_not_change_is_not_touched() => Two.Sample(rules =>
    {
        RuleChanges.Between(RandomSegments.Vni, rules.After, rules.After).IsNothing.ShouldBeTrue();
        var changes = RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After);
        foreach (var (mac, port) in rules.Before.Ports.Where(way => rules.After.Ports.GetValueOrDefault(way.Key) == way.Value))
        {
            changes.Bridge.ShouldNotContain($"fdb replace {mac} dev {port} master static");
        }

        foreach (var right in rules.Before.Rights.Intersect(rules.After.Rights))
        {
            changes.First.ShouldNotContain(line => FilterRuleset.Right("delete", right).Contains(line));
        }
    });

    [Fact]
    public void A_VM_may_send_with_its_own_addresses_and_with_those_alone()
    {
        var entry = new SegmentEntry(default, Address.Parse("52:54:00:12:34:56"), [Address.Parse("10.1.0.7"), Address.Parse("fd77::7")], 1, 1, null);

        TapRight.Of("fv1", entry).Select(right => right.Own.ToString()).ShouldBe(["52:54:00:12:34:56", "fe80::5054:ff:fe12:3456", "10.1.0.7", "fd77::7"]);
    }

    [Fact]
    public void What_is_for_a_host_that_has_no_address_of_the_same_kind_has_no_way()
    {
        RandomSegments.Any.Sample(of =>
        {
            var rules = SegmentRules.Of(of.Segment, ForwardingTable.Of(of.Segment, RandomSegments.Here, of.Copies), RandomSegments.Here, Address.Parse("fd00::1"), of.Copies);
            (rules.Tunnels.Count, rules.Floods.Count, rules.Forwarded.Count).ShouldBe((0, 0, 0));
        });
    }

    // One VM that is here, and goes there or nowhere.
    private static SegmentRules At(GuestState state, VtepId? next) => Rules(RandomSegments.Here, next, state);

    private static SegmentRules Comes(GuestState state) => Rules(There, RandomSegments.Here, state);

    private static SegmentRules Rules(VtepId at, VtepId? next, GuestState state)
    {
        var port = new SegmentPort(new(AppId.Parse("astro/cg.1"), new("vm1")), 0);
        var entry = new SegmentEntry(port, Address.Parse("52:54:00:00:00:01"), [Address.Parse("10.1.0.1")], 1, 1, at) { Next = next };
        var segment = new Segment(port.Vm.Application, RandomSegments.Vni, 1420, Subnet.Parse("10.1.0.0/16"), 1, ImmutableSortedDictionary<SegmentPort, SegmentEntry>.Empty.Add(port, entry),
            ImmutableSortedDictionary<VtepId, SegmentPeer>.Empty.Add(There, new(There, Address.Parse("10.0.0.2"))).Add(RandomSegments.Here, new(RandomSegments.Here, RandomSegments.Below)));
        return RandomSegments.Rules((segment, ImmutableDictionary<SegmentPort, LocalCopy>.Empty.Add(port, new(state, "fv1"))));
    }

    private static void ShouldBeAlike(SegmentRules rules, SegmentRules wanted)
    {
        rules.Floods.ShouldBe(wanted.Floods);
        rules.Tunnels.ShouldBe(wanted.Tunnels);
        rules.Ports.ShouldBe(wanted.Ports);
        rules.Neighbours.ShouldBe(wanted.Neighbours);
        rules.Forwarded.ShouldBe(wanted.Forwarded);
        rules.Awaited.ShouldBe(wanted.Awaited);
        rules.Guarded.ShouldBe(wanted.Guarded);
        rules.Rights.ShouldBe(wanted.Rights);
    }
}
