using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Attribution;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Attribution;

public sealed class HostAttributionProperties
{
    private const int Vms = 4;

    private enum Verb
    {
        Send,
        SendToAll,
        SendOutside,
        Move,
        Flood,
    }

    private static readonly Gen<(Verb Verb, int From, int To)[]> Exchange =
        Gen.Select(
            Gen.Frequency((12, Gen.Const(Verb.Send)), (2, Gen.Const(Verb.SendToAll)), (3, Gen.Const(Verb.SendOutside)), (1, Gen.Const(Verb.Move))),
            Gen.Int[0, Vms - 1],
            Gen.Int[0, Vms - 1]).Array[0, 80];

    [Fact]
    public void On_taps_two_hosts_together_count_every_frame_once_wherever_VMs_move() => Exchange.Sample(exchange =>
    {
        var network = Run(exchange);
        Parts(network, host => Attribute(CaptureKind.Taps, network.TalliesOf(host, "tap"), network.VmsOf(host, withMac: true)))
            .ShouldBe(Text(network.Truth));
    });

    [Fact]
    public void On_bridges_with_their_uplinks_two_hosts_together_count_every_frame_once_wherever_VMs_move() => Exchange.Sample(exchange =>
    {
        var network = Run(exchange);
        Parts(network, host => Attribute(CaptureKind.Bridge, network.TalliesOf(host, "br0", "eth0"), network.VmsOf(host, withMac: true)))
            .ShouldBe(Text(network.Truth));
    });

    [Fact]
    public void VMs_that_are_known_by_IP_alone_are_told_apart_as_well() => Exchange.Sample(exchange =>
    {
        // To all: no IP packet, so that its sender is known by its MAC alone, which is of nobody then.
        var network = Run([.. exchange.Where(step => step.Verb != Verb.SendToAll)]);
        Parts(network, host => Attribute(CaptureKind.Bridge, network.TalliesOf(host, "br0", "eth0"), network.VmsOf(host, withMac: false)))
            .ShouldBe(Text(network.Truth));
    });

    [Fact]
    public void On_an_uplink_what_comes_from_other_hosts_is_received_and_what_stays_on_the_host_is_not_seen() => Exchange.Sample(exchange =>
    {
        var steps = exchange.Where(step => step.Verb is Verb.Send or Verb.SendOutside).ToArray();
        var network = Run(steps);
        var crossing = Run([.. steps.Where(step => step.Verb == Verb.SendOutside || HostOf(step.From) != HostOf(step.To))]);
        Parts(network, host => Attribute(CaptureKind.Uplink, network.TalliesOf(host, "eth0"), network.VmsOf(host, withMac: true)))
            .ShouldBe(Text(crossing.Truth));
    });

    [Fact]
    public void A_frame_that_the_bridge_sends_out_of_every_tap_counts_at_its_receiver_alone() => Exchange.Sample(exchange =>
    {
        var network = Run([.. exchange.Select(step => step with { Verb = step.Verb == Verb.Send ? Verb.Flood : step.Verb })]);
        Parts(network, host => Attribute(CaptureKind.Taps, network.TalliesOf(host, "tap"), network.VmsOf(host, withMac: true)), broadcasts: false)
            .ShouldBe(Text(network.Truth, broadcasts: false));
    });

    private static int HostOf(int vm) => vm % 2;

    private static LabNetwork Run((Verb Verb, int From, int To)[] exchange)
    {
        var network = new LabNetwork(Enumerable.Range(0, Vms).Select(HostOf));
        // Every VM has been heard of, as by the ARP requests of real ones: a tap tells its VM.
        for (var vm = 0; vm < Vms; vm++)
        {
            network.SendOutside(vm);
        }

        foreach (var (verb, from, to) in exchange)
        {
            switch (verb)
            {
                case Verb.Send:
                    network.Send(from, to);
                    break;
                case Verb.SendToAll:
                    network.SendToAll(from);
                    break;
                case Verb.SendOutside:
                    network.SendOutside(from);
                    break;
                case Verb.Flood:
                    network.Flood(from, to);
                    break;
                default:
                    network.Move(from);
                    // A VM that arrives announces itself.
                    network.SendOutside(from);
                    break;
            }
        }

        return network;
    }

    private static ImmutableSortedDictionary<VmRef, ImmutableArray<TrafficRecord>> Attribute(
        CaptureKind kind, List<FrameTally> tallies, ImmutableArray<PresentVm> vms) =>
        new HostAttribution(new SensorSettings
        {
            Sensor = "host", Servers = [new("http://localhost")], TokenFile = "", StateFolder = "",
            Capture = new() { Kind = kind, Interfaces = ["br0"], BridgeUplink = "eth0" },
        }).Attribute(tallies, vms, Enumerable.Range(0, Vms).Select(vm => new Sensor.Discovery.PeerAddress(AppId.Parse("cg"), LabNetwork.Ip(vm))).ToHashSet());

    private static string Parts(
        LabNetwork network, Func<int, ImmutableSortedDictionary<VmRef, ImmutableArray<TrafficRecord>>> attribute, bool broadcasts = true)
    {
        var sums = new SortedDictionary<(int Vm, string Peer), long>();
        foreach (var (vm, records) in Enumerable.Range(0, 2).SelectMany(host => attribute(host)))
        {
            foreach (var record in records)
            {
                record.Bytes.ShouldBe(record.Packets * 100);
                var key = (int.Parse(vm.Vm.Value[2..]), (record.Direction == FlowDirection.Sent ? "to " : "") + record.Peer);
                sums[key] = sums.GetValueOrDefault(key) + record.Packets;
            }
        }

        network.ShouldNotBeNull();
        return Text(sums, broadcasts);
    }

    private static string Text(SortedDictionary<(int Vm, string Peer), long> sums, bool broadcasts = true) => string.Join(
        '\n', sums.Where(sum => broadcasts || !sum.Key.Peer.Contains(':')).Select(sum => $"vm{sum.Key.Vm} {sum.Key.Peer}: {sum.Value}"));
}
