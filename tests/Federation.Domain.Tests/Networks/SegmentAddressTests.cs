using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

public sealed class SegmentAddressTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly VtepId Here = new(new("s"), "h1");

    [Fact]
    public void No_address_is_twice_on_a_segment_and_a_VM_keeps_what_it_was_given() => Gen.Int[0, 99_999].Array[1, 60].Sample(acts =>
    {
        var register = Begin("10.42.0.0/28");
        Address[] named = [Address.Parse("10.42.0.3"), Address.Parse("10.42.0.5")];
        var kept = new Dictionary<VmRef, Address>();
        foreach (var (act, epoch) in acts.Select((act, index) => (act, index + 1)))
        {
            var vm = new VmRef(Application, new($"vm{act / 10 % 8}"));
            ImmutableArray<Address> own = act / 100 % 4 == 0 ? [named[act / 1000 % 2]] : [];
            if (act % 10 < 7)
            {
                ImmutableArray<GuestNic> wanted = [new(DerivedMac.Of(vm, 0), own)];
                var (nics, refusal) = register.Addressed(vm, wanted, named);

                // One that has kept nothing from step to step says the same.
                var (again, also) = (register with { Vms = register.Vms }).Addressed(vm, wanted, named);
                (string.Join(' ', nics.SelectMany(nic => nic.All)), refusal?.Code).ShouldBe((string.Join(' ', again.SelectMany(nic => nic.All)), also?.Code));
                if (refusal is null)
                {
                    register = register.Joined(Here, new(Address.Parse("10.0.0.1"), 1500)).Placed(vm, Here, epoch, nics, _ => 0);
                }
            }
            else
            {
                register = act % 10 < 9 ? register.Placed(vm, null, epoch, [], _ => 0) : register.Forgotten(vm);
                kept.Remove(act % 10 == 9 ? vm : default);
            }

            var entries = register.Segment().Entries.Values;
            entries.SelectMany(entry => entry.Addresses).ShouldBeUnique();
            foreach (var (key, known) in register.Vms)
            {
                if (known.Nics[0].Given is { } given)
                {
                    named.ShouldNotContain(given);
                    register.Subnet.Contains(given).ShouldBeTrue();
                    kept.TryAdd(key, given);
                    given.ShouldBe(kept[key]);
                }
                else
                {
                    kept.Remove(key);
                }
            }
        }
    });

    [Fact]
    public void The_router_of_a_segment_has_an_address_that_no_VM_has_or_names_and_keeps_it() => Gen.Int[0, 9_999].Array[1, 40].Sample(acts =>
    {
        var register = Begin("10.42.0.0/28").Joined(Here, new(Address.Parse("10.0.0.1"), 1500));
        Address? router = null;
        foreach (var (act, epoch) in acts.Select((act, index) => (act, index + 1)))
        {
            var vm = new VmRef(Application, new($"vm{act / 10 % 16}"));
            Address[] named = [Address.Parse($"10.42.0.{1 + (act / 1000)}"), Address.Parse("10.42.0.14")];
            if (act % 10 < 8)
            {
                var (nics, refusal) = register.Addressed(vm, [new(DerivedMac.Of(vm, 0), act / 100 % 2 == 0 ? [named[0]] : [])], named);
                register = refusal is null ? register.Placed(vm, Here, epoch, nics, _ => 0) : register;
            }
            else
            {
                register = register.Reached(ImmutableSortedDictionary<VmId, Address>.Empty.Add(vm.Vm, Address.Parse("203.0.113.17")), [Here], Here, named);
                if (router is null && register.Gated is { } gate)
                {
                    router = gate.Router;
                    named.ShouldNotContain(gate.Router);
                }
            }

            register.Gated?.Router.ShouldBe(router!.Value);
            var entries = register.Segment().Entries.Values;
            entries.SelectMany(entry => entry.Addresses).ShouldBeUnique();
            entries.Select(entry => entry.Mac).ShouldBeUnique();
        }
    });

    [Fact]
    public void An_address_that_is_another_VMs_is_refused_with_whose_it_is()
    {
        var register = Begin("10.42.0.0/24");
        var first = new VmRef(Application, new("vm1"));
        register = register.Joined(Here, new(Address.Parse("10.0.0.1"), 1500)).Placed(first, Here, 1, register.Addressed(first, [new("02:00:00:00:00:01", [])], []).Nics, _ => 0);
        register.Given[new("vm1")].ShouldBe([Address.Parse("10.42.0.2")]);

        var refusal = register.Addressed(new(Application, new("vm2")), [new("02:00:00:00:00:02", [Address.Parse("10.42.0.2")])], []).Refusal;

        RefusalText.Of(refusal!).ShouldBe("astro/cg/vm2 names 10.42.0.2, which is vm1's on the same network: name another address, or move vm1 off it first");
        RefusalText.Of(register.Addressed(new(Application, new("vm2")), [new("02:00:00:00:00:01", [])], []).Refusal!).ShouldContain("names 02:00:00:00:00:01, which is vm1's");
    }

    [Fact]
    public void A_range_that_is_used_up_is_refused_with_its_size()
    {
        var register = Begin("10.42.0.0/30").Joined(Here, new(Address.Parse("10.0.0.1"), 1500));
        var (nics, _) = register.Addressed(new(Application, new("vm1")), [new("02:00:00:00:00:01", [])], []);
        register = register.Placed(new(Application, new("vm1")), Here, 1, nics, _ => 0);
        RefusalText.Of(register.Addressed(new(Application, new("vm2")), [new("02:00:00:00:00:02", [])], []).Refusal!).ShouldBe(
            "the network of astro/cg has no address left for vm2: all 1 of 10.42.0.0/30 are used or named. Name addresses for VMs; a wider 'subnet' in the application's file counts from its next life on");
    }

    [Theory]
    [InlineData("", "10.129.0.0/16")]
    [InlineData("192.168.7.9", "192.168.7.0/24")]
    [InlineData("10.42.0.1 10.42.0.200", "10.42.0.0/24")]
    [InlineData("10.42.0.1 10.42.1.1 2001:db8::1", "10.42.0.0/23")]
    [InlineData("10.42.0.1 192.168.7.9", "10.129.0.0/16")]
    public void A_range_holds_the_addresses_that_VMs_name_where_they_are_near_each_other(string named, string range) =>
        Subnet.For(named.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Address.Parse), 1).ToString().ShouldBe(range);

    [Theory]
    [InlineData("10.42.0.1/16")]
    [InlineData("10.0.0.0/7")]
    [InlineData("10.0.0.0/31")]
    [InlineData("10.0.0.0")]
    [InlineData("2001:db8::/32")]
    public void What_is_no_range_is_not_read(string text) => Subnet.TryParse(text, out _).ShouldBeFalse();

    private static SegmentRegister Begin(string range) => new() { Application = Application, Vni = 1, Mtu = 1420, Subnet = Subnet.Parse(range) };
}
