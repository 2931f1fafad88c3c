using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Host.Networks;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Networks;

public sealed class RuleChangesTests
{
    private static readonly Gen<(SegmentRules Before, SegmentRules After)> Two =
        Gen.Select(RandomSegments.Any, RandomSegments.Any, (before, after) => (RandomSegments.Rules(before), RandomSegments.Rules(after)));

    [Fact]
    public void Done_to_what_was_the_changes_make_what_is_wanted() => Two.Sample(rules =>
    {
        var kernel = new TrialKernel(RandomSegments.Vni, rules.Before);
        foreach (var _ in kernel.Do(RuleChanges.Between(RandomSegments.Vni, rules.Before, rules.After)))
        {
        }

        kernel.HasTheTargets.ShouldBeTrue();
        ShouldBeAlike(kernel.Rules with { Guarded = kernel.Rules.Guarded.Intersect(rules.After.Guarded) }, rules.After);
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
    public void What_waits_for_a_VM_that_comes_is_neither_sent_on_nor_sent_to_its_tap_by_the_bridge() => RandomSegments.Any.Sample(of =>
    {
        var rules = RandomSegments.Rules(of);
        rules.Awaited.Keys.Intersect(rules.Forwarded).ShouldBeEmpty();
        rules.Awaited.ShouldAllBe(way => rules.Ports.GetValueOrDefault(way.Key) != way.Value);
    });

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
        var entry = new Domain.Networks.SegmentEntry(default, Address.Parse("52:54:00:12:34:56"), [Address.Parse("10.1.0.7"), Address.Parse("fd77::7")], 1, 1, null);

        TapRight.Of("fv1", entry).Select(right => right.Own.ToString()).ShouldBe(["52:54:00:12:34:56", "fe80::5054:ff:fe12:3456", "10.1.0.7", "fd77::7"]);
    }

    [Fact]
    public void What_is_for_a_host_that_has_no_address_of_the_same_kind_has_no_way()
    {
        RandomSegments.Any.Sample(of =>
        {
            var rules = SegmentRules.Of(of.Segment, Domain.Networks.ForwardingTable.Of(of.Segment, RandomSegments.Here, of.Copies), RandomSegments.Here, Address.Parse("fd00::1"), of.Copies);
            (rules.Tunnels.Count, rules.Floods.Count, rules.Forwarded.Count).ShouldBe((0, 0, 0));
        });
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
