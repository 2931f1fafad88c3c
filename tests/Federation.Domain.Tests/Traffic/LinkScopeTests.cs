using System.Net;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Traffic;

public sealed class LinkScopeTests
{
    // Addresses anywhere, and close to the edges of every range that the rule knows.
    private static readonly Gen<IPAddress> SomeIPv4 = Gen.OneOf(
        Gen.UInt,
        Gen.Select(Gen.OneOf("0.0.0.0", "169.254.0.0", "169.255.0.0", "224.0.0.0", "240.0.0.0", "255.255.255.255"), Gen.Int[-2, 2])
            .Select((edge, offset) => unchecked(Number(edge) + (uint)offset)))
        .Select(number => new IPAddress((uint)IPAddress.HostToNetworkOrder((int)number)));

    private static readonly Gen<IPAddress> SomeIPv6 = Gen.Select(
        Gen.OneOf(Gen.UShort, Gen.OneOf<ushort>(0, 0xFE7F, 0xFE80, 0xFEBF, 0xFEC0, 0xFEFF, 0xFF00, 0xFF02, 0xFFFF)), Gen.Byte.Array[13], Gen.Byte[0, 2])
        .Select((first, middle, last) => new IPAddress([(byte)(first >> 8), (byte)first, .. middle, last]));

    [Theory]
    [InlineData("0.0.0.0", LinkScope.Unspecified)]
    [InlineData("::", LinkScope.Unspecified)]
    [InlineData("00:00:00:00:00:00", LinkScope.Unspecified)]
    [InlineData("224.0.0.22", LinkScope.Multicast)]
    [InlineData("239.255.255.250", LinkScope.Multicast)]
    [InlineData("ff02::fb", LinkScope.Multicast)]
    [InlineData("01:00:5e:00:00:fb", LinkScope.Multicast)]
    [InlineData("33:33:00:00:00:01", LinkScope.Multicast)]
    [InlineData("255.255.255.255", LinkScope.Broadcast)]
    [InlineData("ff:ff:ff:ff:ff:ff", LinkScope.Broadcast)]
    [InlineData("169.254.169.254", LinkScope.LinkLocal)]
    [InlineData("fe80::1", LinkScope.LinkLocal)]
    public void What_no_router_passes_on_stays_on_its_link(string address, LinkScope scope) =>
        LinkScopes.Of(Address.Parse(address)).ShouldBe(scope);

    [Theory]
    [InlineData("10.42.0.1")]
    [InlineData("10.42.0.255")]
    [InlineData("93.184.216.34")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:db8::1")]
    [InlineData("fd00::1")]
    [InlineData("52:54:00:00:00:01")]
    public void What_a_router_may_pass_on_has_no_scope(string address) => LinkScopes.Of(Address.Parse(address)).ShouldBeNull();

    [Fact]
    public void No_address_has_no_scope() => LinkScopes.Of(default).ShouldBeNull();

    [Fact]
    public void Every_IPv4_address_is_judged_as_the_registered_networks_say() => SomeIPv4.Sample(ip =>
        LinkScopes.Of(Address.Parse(ip.ToString())).ShouldBe(
            ip.Equals(IPAddress.Any) ? LinkScope.Unspecified
            : ip.Equals(IPAddress.Broadcast) ? LinkScope.Broadcast
            : IPNetwork.Parse("224.0.0.0/4").Contains(ip) ? LinkScope.Multicast
            : IPNetwork.Parse("169.254.0.0/16").Contains(ip) ? LinkScope.LinkLocal
            : null));

    [Fact]
    public void Every_IPv6_address_is_judged_as_the_platform_does() => SomeIPv6.Where(ip => !ip.IsIPv4MappedToIPv6).Sample(ip =>
        LinkScopes.Of(Address.IPv6(ip.GetAddressBytes())).ShouldBe(
            ip.Equals(IPAddress.IPv6Any) ? LinkScope.Unspecified
            : ip.IsIPv6Multicast ? LinkScope.Multicast
            : ip.IsIPv6LinkLocal ? LinkScope.LinkLocal
            : null));

    [Fact]
    public void An_Ethernet_address_is_of_a_group_by_the_lowest_bit_of_its_first_byte() => Gen.Byte.Array[6].Sample(bytes =>
        LinkScopes.IsGroup(Address.Mac(bytes)).ShouldBe((bytes[0] & 1) == 1));

    [Fact]
    public void A_frame_to_all_on_the_link_stays_there_whatever_its_IP_receiver_is() =>
        LinkScopes.Of(Address.Parse("ff:ff:ff:ff:ff:ff"), Address.Parse("10.77.0.255")).ShouldBe(LinkScope.Broadcast);

    [Fact]
    public void A_frame_to_a_router_is_judged_by_its_IP_receiver()
    {
        var router = Address.Parse("52:54:00:00:00:fe");
        LinkScopes.Of(router, Address.Parse("93.184.216.34")).ShouldBeNull();
        LinkScopes.Of(router, Address.Parse("fe80::1")).ShouldBe(LinkScope.LinkLocal);
        LinkScopes.Of(default, Address.Parse("93.184.216.34")).ShouldBeNull();
    }

    [Fact]
    public void Only_what_a_router_may_pass_on_is_traffic_with_the_outside() => SomeIPv4.Array[1, 8].Sample(peers =>
    {
        var builder = new TrafficMatrixBuilder();
        var records = peers.Distinct().SelectMany(ip => new[] { FlowDirection.Received, FlowDirection.Sent }
            .Select(direction => new TrafficRecord(Address.Parse(ip.ToString()), direction, 1, 100))).ToArray();
        builder.Add(new(new("vm1"), Window.Containing(DateTimeOffset.UnixEpoch), [.. records], Window.Length), owner: _ => null);

        var outside = peers.Distinct().Count(ip => LinkScopes.Of(Address.Parse(ip.ToString())) is null);
        var matrix = builder.Build(Window.Length);
        matrix.SentOutside.GetValueOrDefault(new("vm1")).Packets.ShouldBe(outside);
        matrix.ReceivedOutside.GetValueOrDefault(new("vm1")).Packets.ShouldBe(outside);
    });

    [Fact]
    public void What_comes_from_a_VM_counts_by_whatever_address_the_VM_is_known()
    {
        var builder = new TrafficMatrixBuilder();
        var record = new TrafficRecord(Address.Parse("fe80::1"), FlowDirection.Received, 3, 300);
        builder.Add(new(new("vm1"), Window.Containing(DateTimeOffset.UnixEpoch), [record], Window.Length), owner: _ => new("vm2"));
        builder.Build(Window.Length)[new("vm2"), new("vm1")].ShouldBe(new Flow(3, 300));
    }

    private static uint Number(string ip) => (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(IPAddress.Parse(ip).GetAddressBytes()));
}
