using Federation.Domain.Identity;
using Federation.Sensor.Live;
using Federation.Sensor.Tests.Live.Lab;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>Each backend on a host with a bridge and three VMs that talk by IP of their own.</summary>
public sealed class NetworkTests
{
    private const int Ethernet = 14;
    private const int UdpOverIPv4 = 28;
    private const int UdpOverIPv6 = 48;

    private static readonly CapturePoint[] Taps = [.. Enumerable.Range(1, 3).Select(n => new CapturePoint($"tap{n}", CaptureSide.Tap))];
    private static readonly CapturePoint Bridge = new("br0", CaptureSide.Bridge);

    [LabTheory]
    [MemberData(nameof(Backends.Each), MemberType = typeof(Backends))]
    public void Forwarded_datagrams_pass_the_bridge_once_and_each_tap_in_its_direction(string backend)
    {
        using var network = new Network(3, v6: true);
        using var capture = network.Host.Run(() => Backends.Create(backend));
        network.Host.Run(() => capture.Begin([.. Taps, Bridge]));

        network.SendDatagrams(from: 1, to: 2, count: 300, bytes: 100);
        network.SendDatagrams(from: 2, to: 3, count: 50, bytes: 1, v6: true);

        // 4,008 bytes of UDP in fragments of 1,480, 1,480 and 1,048.
        network.SendDatagrams(from: 3, to: 1, count: 7, bytes: 4000);

        var cut = network.Host.Run(capture.Cut);
        cut.Dropped.ShouldBe(0);
        cut.Tallies.Where(IsBetweenVms).ShouldSay(
        [
            .. Passed(1, 2, "10.7.0.", 300, 300 * (Ethernet + UdpOverIPv4 + 100)),
            .. Passed(2, 3, "fd07::", 50, 50 * (Ethernet + UdpOverIPv6 + 1)),
            .. Passed(3, 1, "10.7.0.", 21, 7 * (4008 + (3 * (Ethernet + 20)))),
        ]);
    }

    [LabFact]
    public void A_tcp_connection_is_counted_as_the_kernel_counts_it_and_alike_by_all_backends()
    {
        using var network = new Network(2, v6: false);
        var before = network.Statistics("tap1");
        var captures = Backends.All.Select(name => network.Host.Run(() => Backends.Create(name))).ToArray();
        network.Host.Run(() => Array.ForEach(captures, capture => capture.Begin(Taps[..2])));

        network.SendStream(from: 1, to: 2, bytes: 3_000_000);

        var cuts = captures.Select(capture => network.Host.Run(capture.Cut)).ToArray();
        var after = network.Statistics("tap1");
        foreach (var cut in cuts)
        {
            cut.Dropped.ShouldBe(0);
            cut.Tallies.ShouldSay(cuts[0].Tallies);
            var there = cut.Tallies.Single(tally => tally is { Interface: "tap1", Towards: false });
            var back = cut.Tallies.Single(tally => tally is { Interface: "tap1", Towards: true });
            there.Bytes.ShouldBeGreaterThan(3_000_000);
            (there.Packets, there.Bytes).ShouldBe(
                (after.ReceivedPackets - before.ReceivedPackets, after.ReceivedBytes - before.ReceivedBytes));
            (back.Packets, back.Bytes).ShouldBe((after.SentPackets - before.SentPackets, after.SentBytes - before.SentBytes));
        }

        Array.ForEach(captures, capture => capture.Dispose());
    }

    private static bool IsBetweenVms(FrameTally tally) => tally.DestinationMac.ToString().StartsWith("52:54", StringComparison.Ordinal);

    private static IEnumerable<FrameTally> Passed(int from, int to, string network, long packets, long bytes)
    {
        FrameTally On(string name, bool towards) => new(
            name, towards, Address.Parse(Network.Mac(from)), Address.Parse(Network.Mac(to)),
            Address.Parse($"{network}{from}"), Address.Parse($"{network}{to}"), packets, bytes);
        return [On($"tap{from}", towards: false), On("br0", towards: false), On($"tap{to}", towards: true)];
    }
}
