using CsCheck;
using Federation.Domain.Identity;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

/// <summary>Packets inside VXLAN and GENEVE.</summary>
public sealed class TunnelTests
{
    private const ushort Vxlan = 4789;
    private const ushort OldVxlan = 8472;
    private const ushort Geneve = 6081;
    private static readonly AddressPair Outer = new(Address.Parse("192.0.2.1"), Address.Parse("192.0.2.2"));
    private static readonly AddressPair Inner = new(Address.Parse("10.0.0.1"), Address.Parse("10.0.0.2"));

    [Theory]
    [InlineData(Vxlan)]
    [InlineData(OldVxlan)]
    [InlineData(Geneve)]
    public void A_tunnelled_packet_counts_by_its_own_addresses_and_length_if_that_is_asked_for(ushort port)
    {
        var inner = MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z").Data;
        var frame = InTunnel(port, inner, options: 2, isIPv6: false);

        Count(frame, inner: false).Matrix().ShouldBe([new(Outer, new Tally(1, frame.Length))]);
        Count(frame, inner: true).Matrix().ShouldBe([new(Inner, new Tally(1, inner.Length))]);
    }

    [Fact]
    public void Every_frame_that_is_counted_by_itself_is_counted_in_a_tunnel_alike() =>
        Gen.Select(CaptureGen.Frame(Headers.LinkType.Ethernet), Gen.OneOf(Gen.Const(Vxlan), Gen.Const(OldVxlan), Gen.Const(Geneve)), Gen.Int[0, 63], Gen.Bool)
            .Sample((frame, port, options, isIPv6) =>
            {
                var whole = frame with { Length = frame.Data.Length };
                var tunnelled = frame with { Data = InTunnel(port, whole.Data, options, isIPv6) };
                var alike = Count(tunnelled.Data, inner: true);
                alike.Matrix().ShouldBe(frame.Pair is { } pair ? [new(pair, new Tally(1, whole.Length))] : []);
                alike.LeftOut.Select(left => left.Reason).ShouldBe(frame.LeftOut is { } reason ? [reason] : []);
            });

    [Fact]
    public void What_only_looks_like_a_tunnel_counts_by_its_own_addresses()
    {
        var frame = InTunnel(Vxlan, MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z").Data, options: 0, isIPv6: false);
        frame[14 + 20 + 8] = 0;
        Count(frame, inner: true).Matrix().Keys.ShouldBe([Outer]);
    }

    [Fact]
    public void A_later_fragment_of_a_tunnelled_packet_counts_by_its_tunnels_ends()
    {
        var frame = InTunnel(Vxlan, MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z").Data, options: 0, isIPv6: false);
        frame[14 + 7] = 185;
        Count(frame, inner: true).Matrix().Keys.ShouldBe([Outer]);
    }

    private static byte[] InTunnel(ushort port, byte[] inner, int options, bool isIPv6)
    {
        byte[] head = port == Geneve ? [(byte)options, 0, 0x65, 0x58, 0, 0, 7, 0, .. new byte[options * 4]] : [0x08, 0, 0, 0, 0, 0, 7, 0];
        byte[] udp = [0xC0, 0, .. FrameBytes.BigEndian(port), .. FrameBytes.BigEndian((ushort)(8 + head.Length + inner.Length)), 0, 0, .. head, .. inner];
        if (isIPv6)
        {
            byte[] a = [0x20, 1, 0xd, 0xb8, .. new byte[12]], b = [0x20, 1, 0xd, 0xb9, .. new byte[12]];
            return FrameBytes.Ethernet([], FrameBytes.IPv6Type, [.. FrameBytes.IPv6(a, b, 17), .. udp]);
        }

        var ip = FrameBytes.IPv4([192, 0, 2, 1], [192, 0, 2, 2], 0);
        ip[9] = 17;
        return FrameBytes.Ethernet([], FrameBytes.IPv4Type, [.. ip, .. udp]);
    }

    private static CaptureTraffic Count(byte[] frame, bool inner)
    {
        using var file = new TemporaryFile(CaptureFormat.Classic.Write([new MadeFrame(0, frame, frame.Length, null)]).File);
        return CaptureTraffic.Read(file.Path, inner, CancellationToken.None);
    }
}
