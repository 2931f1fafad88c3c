using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Networks;

public sealed class SegmentClientTests
{
    private static readonly AppId Application = AppId.Parse("astro/cg.1");
    private static readonly VtepId Here = new(new("s"), "h1");
    private static readonly VtepId There = new(new("s"), "h2");
    private static readonly VmRef Vm = new(Application, new("vm1"));
    private static readonly VtepId Laptop = SegmentClients.IdOf(Application, "laptop");
    private static readonly SegmentPort Port = SegmentClients.PortOf(Application, "laptop");

    [Fact]
    public void No_two_clients_of_the_federation_have_the_same_address_below_and_all_are_told_apart_from_hosts_by_it() => Gen.Select(
        Gen.Int[1, SegmentNumbers.Highest], Gen.Int[1, SegmentNumbers.Highest], Gen.Int[0, SegmentClients.Most - 1], Gen.Int[0, SegmentClients.Most - 1], Gen.Bool).Sample((one, other, slot, another, isNew) =>
    {
        var kind = isNew ? AddressKind.IPv6 : AddressKind.IPv4;
        var (first, second) = (SegmentClients.BelowOf(one, slot, kind), SegmentClients.BelowOf(other, another, kind));
        (first == second).ShouldBe((one, slot) == (other, another));
        (SegmentClients.MacOf(one, slot) == SegmentClients.MacOf(other, another)).ShouldBe((one, slot) == (other, another));
        SegmentClients.IsBelow(first).ShouldBeTrue();
        first.ShouldNotBe(Address.Parse("255.255.255.255"));
    });

    [Fact]
    public void An_address_of_a_host_is_none_of_a_client()
    {
        Address[] hosts = [Address.Parse("10.0.0.1"), Address.Parse("224.0.0.1"), Address.Parse("fd00::1"), Address.Parse("fd66:6563::1"), Address.Parse("2001:db8::1")];
        hosts.ShouldAllBe(address => !SegmentClients.IsBelow(address));
        SegmentClients.TryParse(Laptop, out var application, out var name).ShouldBeTrue();
        (application, name).ShouldBe((Application, "laptop"));
        SegmentClients.TryParse(Here, out _, out _).ShouldBeFalse();
        VtepId.Parse($"{Laptop}").ShouldBe(Laptop);
    }

    [Fact]
    public void A_client_has_an_address_that_no_VM_has_or_names_and_no_VM_gets_it_afterwards()
    {
        var named = Address.Parse("10.42.0.2");
        var (register, refusal) = Begin().Admitted("laptop", [], "hash", [named], default);
        refusal.ShouldBeNull();
        var own = register.Clients["laptop"].Addresses.ShouldHaveSingleItem();
        own.ShouldBe(Address.Parse("10.42.0.4"), "10.42.0.2 is named, 10.42.0.3 the VM's");
        register.Addressed(new(Application, new("vm2")), [new("52:54:00:00:00:02", [own])], []).Refusal.ShouldBe(Refusal.SegmentAddressTaken(new(Application, new("vm2")), own, new("client laptop")));
        register.Addressed(new(Application, new("vm2")), [new("52:54:00:00:00:02", [])], [named]).Nics.ShouldHaveSingleItem().Given.ShouldBe(Address.Parse("10.42.0.5"));
        register.Addressed(new(Application, new("vm2")), [new($"{SegmentClients.MacOf(7, 0)}", [])], []).Refusal!.Code.ShouldBe(RefusalCode.SegmentAddressTaken);

        // The router gets none that a client has.
        var outside = Begin().Admitted("laptop", [Address.Parse("10.42.0.9")], "hash", [], default).Next;
        outside.Reached(ImmutableSortedDictionary<VmId, Address>.Empty.Add(Vm.Vm, Address.Parse("203.0.113.1")), [Here], Here, [outside.Subnet.Own, .. Enumerable.Range(0, outside.Subnet.Room).Select(number => outside.Subnet[number]).Where(address => address != Address.Parse("10.42.0.9"))])
            .Gated.ShouldBeNull();
    }

    [Fact]
    public void What_a_client_cannot_have_is_refused_with_the_reason()
    {
        var register = Begin();
        Refusal? Of(string name, params string[] addresses) => register.Admitted(name, [.. addresses.Select(Address.Parse)], "hash", [Address.Parse("10.42.0.7")], default).Refusal;
        Of("laptop", "10.42.0.3").ShouldBe(Refusal.ClientAddressTaken(Application, "laptop", Address.Parse("10.42.0.3"), "vm1"));
        Of("laptop", "10.42.0.7").ShouldBe(Refusal.ClientAddressTaken(Application, "laptop", Address.Parse("10.42.0.7"), null));
        foreach (var none in (string[])["10.43.0.3", "10.42.0.0", "10.42.0.1", "10.42.0.15", "fd00::1"])
        {
            Of("laptop", none).ShouldBe(Refusal.ClientAddressOutside(Application, "laptop", Address.Parse(none), "10.42.0.0/28"));
        }

        register = register.Admitted("laptop", [], "hash", [], default).Next;
        Of("laptop").ShouldBeNull("the same was told twice");
        ReferenceEquals(register.Admitted("laptop", [], "hash", [], default).Next, register).ShouldBeTrue();
        register.Admitted("laptop", [], "another", [], default).Refusal.ShouldBe(Refusal.ClientKnown(Application, "laptop"));
        var wide = Begin("10.42.0.0/24");
        foreach (var number in Enumerable.Range(0, SegmentClients.Most))
        {
            wide = wide.Admitted($"c{number}", [], "hash", [], default).Next;
        }

        wide.Clients.Values.Select(client => client.Below).ShouldBeUnique();
        wide.Admitted("more", [], "hash", [], default).Refusal.ShouldBe(Refusal.ClientsUsed(Application, SegmentClients.Most));
        wide.Dismissed("c3").Admitted("more", [], "hash", [], default).Next.Clients["more"].Slot.ShouldBe(3);
        var full = Enumerable.Range(0, register.Subnet.Room - 2).Aggregate(register, (known, number) => known.Placed(new(Application, new($"x{number}")), Here, 1, [new(Address.Mac([2, 0, 0, 0, 0, (byte)number]), [], register.Subnet[number + 2])], _ => 0));
        full.Admitted("more", [], "hash", [register.Subnet[0]], default).Refusal!.Code.ShouldBe(RefusalCode.SegmentAddressesUsed);
        register.Ended().Admitted("more", [], "hash", [], default).Refusal.ShouldBe(Refusal.ClientsNeedNetwork(Application));
    }

    [Fact]
    public void Hosts_hear_of_a_client_once_it_is_reached_of_its_keys_as_they_change_and_of_its_end()
    {
        var register = Begin().Admitted("laptop", [], "hash", [], default).Next;
        register.NewsFor(Here, register.Revision).ShouldBeNull();
        register.Segment().Entries.Keys.ShouldNotContain(Port);
        var (before, network) = (register.Revision, new HostNetwork(register.Clients["laptop"].Below, 1500) { Tunnels = [new(1, "key", 51820)] });

        register = register.Attached("laptop", network);
        var news = register.NewsFor(Here, before).ShouldNotBeNull();
        var entry = news.Entries.ShouldHaveSingleItem();
        (entry.Port, entry.At, entry.Mac).ShouldBe((Port, Laptop, SegmentClients.MacOf(7, 0)));
        news.Peers.ShouldHaveSingleItem().Tunnels.ShouldBe(network.Tunnels);
        register.NewsFor(Laptop, null)!.Entries.Length.ShouldBe(2);
        ClientRight.Of(register.Segment()).ShouldHaveSingleItem().ShouldBe(new(register.Clients["laptop"].Below, 7, entry.Mac, entry.Addresses[0]));
        ReferenceEquals(register.Attached("laptop", network), register).ShouldBeTrue();
        var keys = register.Attached("laptop", network with { Tunnels = [new(2, "newer", 51821)] });
        keys.NewsFor(Here, register.Revision)!.Peers.ShouldHaveSingleItem().Tunnels[0].Generation.ShouldBe(2);
        keys.NewsFor(Here, register.Revision)!.Entries.ShouldBeEmpty();

        // It stays while VMs come and go, and whoever leaves is waited for by nobody.
        register = register.Settled(_ => 0);
        register.Hosts.Keys.ShouldContain(Laptop);
        var left = register.Dismissed("laptop").Settled(_ => 0);
        var end = left.NewsFor(Here, register.Revision).ShouldNotBeNull();
        (end.Gone.ShouldHaveSingleItem(), end.GonePeers.ShouldHaveSingleItem()).ShouldBe((Port, Laptop));
        left.Leaving.ShouldBeEmpty();
        left.NewsFor(Laptop, register.Revision)!.Leaves.ShouldBeTrue();
        ClientRight.Of(left.Segment()).ShouldBeEmpty();
        register.Segment().With(end)!.Entries.Keys.ShouldNotContain(Port);

        // It comes again under the same name, and hosts that have not heard of the end hear both.
        var again = left.Admitted("laptop", [], "another", [], default).Next.Attached("laptop", network);
        register.Segment().With(again.NewsFor(Here, register.Revision)!)!.Entries.Keys.ShouldContain(Port);
        register.Ended().Leaving.ShouldBe([Here, There], ignoreOrder: true);
        ReferenceEquals(register.Attached("phone", network), register).ShouldBeTrue();
    }

    [Fact]
    public void A_client_that_tells_the_key_of_a_host_takes_nothing_of_its_over()
    {
        var relay = new VtepId(new("s"), "r1");
        TunnelEnd[] Key(byte number) => [new(1, Convert.ToBase64String(Enumerable.Repeat(number, 32).ToArray()), 51820)];
        var thief = SegmentClients.IdOf(AppId.Parse("bio/cg.1"), "thief");
        // It was there before the host, as after a restart of the grain of relays.
        var book = new RelayBook()
            .Told(thief, new(SegmentClients.BelowOf(8, 0, AddressKind.IPv4), 1500) { Tunnels = [.. Key(1)] }, [])
            .Told(relay, new(Address.Parse("10.0.0.9"), 1500) { Relay = [.. Key(9)] }, [])
            .Told(Here, new(Address.Parse("10.0.0.1"), 1500) { Tunnels = [.. Key(1)] }, []);
        book.For(relay, []).Relayed.Select(peer => peer.Id).ShouldBe([Here]);
        book.Without(Here).For(relay, []).Relayed.Select(peer => peer.Id).ShouldBe([thief]);
    }

    [Fact]
    public void A_report_or_a_name_of_a_client_that_is_none_is_refused_and_says_why()
    {
        var right = new ClientReport(1500, [new(1, Convert.ToBase64String(new byte[32]), 51820)]);
        SegmentClients.FaultOf(right).ShouldBeNull();
        SegmentClients.FaultOf((ClientReport?)null).ShouldBe("the report is empty");
        SegmentClients.FaultOf(right with { Mtu = 100 }).ShouldNotBeNull().ShouldContain("1430");
        SegmentClients.FaultOf(right with { Tunnels = default }).ShouldNotBeNull().ShouldContain("null");
        SegmentClients.FaultOf(right with { Tunnels = [new(0, "", 0)] }).ShouldNotBeNull();
        SegmentClients.FaultOf("laptop-2").ShouldBeNull();
        ((string[])["", "Laptop", "a/b", "self", new('a', 41), "a.b"]).ShouldAllBe(name => SegmentClients.FaultOf(name) != null);
    }

    private static SegmentRegister Begin(string subnet = "10.42.0.0/28")
    {
        var register = new SegmentRegister { Application = Application, Vni = 7, Mtu = 1370, Subnet = Subnet.Parse(subnet) }
            .Joined(Here, new(Address.Parse("10.0.0.1"), 1500)).Joined(There, new(Address.Parse("10.0.0.2"), 1500));
        register = register.Placed(Vm, Here, 1, [new(Address.Parse(DerivedMac.Of(Vm, 0)), [Address.Parse("10.42.0.3")])], _ => 0);
        return register.Placed(new(Application, new("vm9")), There, 1, [], _ => 0);
    }
}
