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
        var frame = FrameBytes.InTunnel(port, inner, options: 2, isIPv6: false);

        Count(frame, inner: false).Matrix().ShouldBe([new(Outer, new Tally(1, frame.Length))]);
        Count(frame, inner: true).Matrix().ShouldBe([new(Inner, new Tally(1, inner.Length))]);
    }

    [Fact]
    public void Every_frame_that_is_counted_by_itself_is_counted_in_a_tunnel_alike() =>
        Gen.Select(CaptureGen.Frame(Headers.LinkType.Ethernet), Gen.OneOf(Gen.Const(Vxlan), Gen.Const(OldVxlan), Gen.Const(Geneve)), Gen.Int[0, 63], Gen.Bool)
            .Sample((frame, port, options, isIPv6) =>
            {
                var whole = frame with { Length = frame.Data.Length };
                var tunnelled = frame with { Data = FrameBytes.InTunnel(port, whole.Data, options, isIPv6) };
                var alike = Count(tunnelled.Data, inner: true);
                alike.Matrix().ShouldBe(frame.Pair is { } pair ? [new(pair, new Tally(1, whole.Length))] : []);
                alike.LeftOut.Select(left => left.Reason).ShouldBe(frame.LeftOut is { } reason ? [reason] : []);
            });

    [Fact]
    public void What_only_looks_like_a_tunnel_counts_by_its_own_addresses()
    {
        var frame = FrameBytes.InTunnel(Vxlan, MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z").Data, options: 0, isIPv6: false);
        frame[14 + 20 + 8] = 0;
        Count(frame, inner: true).Matrix().Keys.ShouldBe([Outer]);
    }

    [Fact]
    public void A_later_fragment_of_a_tunnelled_packet_counts_by_its_tunnels_ends()
    {
        var frame = FrameBytes.InTunnel(Vxlan, MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z").Data, options: 0, isIPv6: false);
        frame[14 + 7] = 185;
        Count(frame, inner: true).Matrix().Keys.ShouldBe([Outer]);
    }

    private static CaptureTraffic Count(byte[] frame, bool inner)
    {
        using var file = new TemporaryFile(CaptureFormat.Classic.Write([new MadeFrame(0, frame, frame.Length, null)]).File);
        return CaptureTraffic.Read(file.Path, inner, CancellationToken.None);
    }
}
