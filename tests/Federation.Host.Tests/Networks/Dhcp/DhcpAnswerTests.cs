using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks.Dhcp;
using PacketDotNet;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Networks.Dhcp;

public sealed class DhcpAnswerTests
{
    private const int Options = 240;

    private static readonly TapLease Lease = new("fv1", Address.Parse("52:54:00:00:00:01"), Address.Parse("10.1.0.7"), Subnet.Parse("10.1.0.0/22"), 1370);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 5)]
    public void A_VM_is_told_its_address_mask_and_longest_packet_for_good(byte asked, byte told)
    {
        var answer = Answer(Question(asked, [50, 4, 10, 1, 0, 7]))!;
        answer[..4].ShouldBe([2, 1, 6, 0]);
        answer[4..8].ShouldBe([1, 2, 3, 4], "the number of the question");
        answer[16..20].ShouldBe([10, 1, 0, 7]);
        answer[28..34].ShouldBe([0x52, 0x54, 0, 0, 0, 1]);
        answer[Options..].ShouldStartWith([53, 1, told, 54, 4, 10, 1, 0, 1, 1, 4, 255, 255, 252, 0, 26, 2, 0x05, 0x5A, 51, 4, 255, 255, 255, 255, 255]);
    }

    [Fact]
    public void A_VM_that_wants_another_address_is_told_that_it_cannot_have_it() =>
        Answer(Question(3, [50, 4, 10, 1, 0, 8]))![Options..].ShouldStartWith([53, 1, 6]);

    [Fact]
    public void A_VM_that_has_its_address_is_told_the_rest()
    {
        var answer = Answer(Question(8, [], own: [10, 1, 0, 7]))!;
        answer[16..20].ShouldBe([0, 0, 0, 0]);
        answer[Options..].ShouldStartWith([53, 1, 5, 54, 4, 10, 1, 0, 1, 1, 4, 255, 255, 252, 0, 26, 2, 0x05, 0x5A, 255]);
    }

    [Fact]
    public void Who_asks_in_anothers_name_or_another_server_or_in_another_way_is_not_answered()
    {
        Answer(Question(1, [], mac: "52:54:00:00:00:02")).ShouldBeNull();
        Answer(Question(3, [54, 4, 10, 1, 0, 99, 50, 4, 10, 1, 0, 7])).ShouldBeNull();
        Answer(Question(4, [])).ShouldBeNull();
        Answer(Question(1, [], port: 68)).ShouldBeNull();
        Answer([1, 2, 3]).ShouldBeNull();
    }

    [Fact]
    public void Whatever_a_VM_sends_nothing_breaks()
    {
        var good = Question(3, [50, 4, 10, 1, 0, 7]);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample(change =>
        {
            byte[] bad = [.. good];
            bad[change.Item1] = change.Item2;
            DhcpAnswer.To(bad[..change.Item3], Lease);
        });
    }

    private static byte[]? Answer(byte[] question) => DhcpAnswer.To(question, Lease) is { } frame ? Unwrapped(frame) : null;

    private static byte[] Unwrapped(byte[] frame)
    {
        var whole = Packet.ParsePacket(LinkLayers.Ethernet, frame).ShouldBeOfType<EthernetPacket>();
        whole.DestinationHardwareAddress.ShouldBe(PhysicalAddress.Parse("525400000001"));
        var ip = whole.PayloadPacket.ShouldBeOfType<IPv4Packet>();
        (ip.SourceAddress.ToString(), ip.ValidChecksum).ShouldBe(("10.1.0.1", true));
        var udp = ip.PayloadPacket.ShouldBeOfType<UdpPacket>();
        (udp.SourcePort, udp.DestinationPort, udp.ValidChecksum).ShouldBe(((ushort)67, (ushort)68, true));
        return udp.HasPayloadPacket ? udp.PayloadPacket.Bytes : udp.PayloadData;
    }

    private static byte[] Question(byte kind, byte[] options, string mac = "52:54:00:00:00:01", byte[]? own = null, ushort port = 67)
    {
        var message = new byte[Options + 4 + options.Length];
        ((byte[])[1, 1, 6, 0, 1, 2, 3, 4]).CopyTo(message, 0);
        (own ?? new byte[4]).CopyTo(message, 12);
        PhysicalAddress.Parse(mac.Replace(":", "", StringComparison.Ordinal)).GetAddressBytes().CopyTo(message, 28);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(236), 0x63825363);
        ((byte[])[53, 1, kind, .. options, 255]).CopyTo(message, Options);
        var udp = new UdpPacket(68, port) { PayloadData = message };
        var ip = new IPv4Packet(IPAddress.Any, IPAddress.Broadcast) { PayloadPacket = udp };
        var whole = new EthernetPacket(PhysicalAddress.Parse("525400000001"), PhysicalAddress.Parse("FFFFFFFFFFFF"), EthernetType.IPv4) { PayloadPacket = ip };
        udp.UpdateCalculatedValues();
        ip.UpdateCalculatedValues();
        return whole.Bytes;
    }
}

internal static class BeginningWith
{
    public static void ShouldStartWith(this byte[] bytes, byte[] begin) => bytes[..begin.Length].ShouldBe(begin);
}
