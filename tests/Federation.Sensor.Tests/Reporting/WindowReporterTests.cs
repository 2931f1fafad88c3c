using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Reporting;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Reporting;

public sealed class WindowReporterTests
{
    private static readonly Window Now = Window.Containing(DateTimeOffset.UnixEpoch.AddYears(50));
    private static readonly WatchedVm Vm1 = Watched("vm1", "10.0.0.1");
    private static readonly WatchedVm Vm2 = Watched("vm2", "10.0.0.2", "2001:db8::2");
    private static readonly WatchedVm Vm10 = Watched("vm10", "10.0.0.10");
    private static readonly string[] Known = ["10.0.0.1", "10.0.0.2", "2001:db8::2", "10.0.0.10", "10.0.0.99", "192.0.2.7", "224.0.0.22", "255.255.255.255", "0.0.0.0", "fe80::1"];

    private static readonly Gen<WindowTraffic> SomeTraffic =
        Gen.Select(Gen.Int[0, Known.Length - 1], Gen.Int[0, Known.Length - 1], Gen.Int[1, 1000]).Array[0, 20].Select(entries =>
            Traffic([.. entries.DistinctBy(entry => (entry.Item1, entry.Item2))
                .Select(entry => (Known[entry.Item1], Known[entry.Item2], (long)entry.Item3))]));

    [Fact]
    public void A_VM_reports_what_it_received_by_the_sender()
    {
        var reports = Report([Vm1, Vm2], ("10.0.0.1", "10.0.0.2", 5), ("192.0.2.7", "10.0.0.2", 3));
        reports[1].Records.ShouldBe(
            [Record("10.0.0.1", FlowDirection.Received, 5), Record("192.0.2.7", FlowDirection.Received, 3)]);
    }

    [Fact]
    public void What_a_VM_receives_at_all_its_addresses_is_one_record_for_each_sender()
    {
        var reports = Report([Vm2], ("10.0.0.1", "10.0.0.2", 5), ("10.0.0.1", "2001:db8::2", 2));
        reports[0].Records.ShouldBe([Record("10.0.0.1", FlowDirection.Received, 7)]);
    }

    [Fact]
    public void What_a_VM_sends_to_an_address_without_a_sensor_is_reported_as_sent()
    {
        var reports = Report([Vm1, Vm2], ("10.0.0.1", "192.0.2.7", 4), ("10.0.0.1", "10.0.0.2", 5));
        reports[0].Records.ShouldBe([Record("192.0.2.7", FlowDirection.Sent, 4)]);
    }

    [Fact]
    public void A_VM_that_received_nothing_reports_zero_and_is_not_silent()
    {
        var reports = Report([Vm10, Vm1, Vm2], ("192.0.2.7", "10.0.0.2", 3));
        reports.Select(report => report.Vm.Value).ShouldBe(["vm1", "vm2", "vm10"]);
        reports[0].Records.ShouldBeEmpty();
        reports.ShouldAllBe(report => report.Covered == Window.Length && report.Window == Now);
    }

    [Fact]
    public void What_stays_on_its_link_is_no_traffic_with_the_outside()
    {
        var reports = Report([Vm1], ("10.0.0.1", "224.0.0.22", 4), ("10.0.0.1", "255.255.255.255", 5), ("fe80::1", "10.0.0.1", 2));
        reports[0].Records.ShouldBeEmpty();
    }

    [Fact]
    public void What_goes_to_all_of_a_network_by_its_own_broadcast_address_stays_on_its_link()
    {
        var toAll = new AddressPair(Address.Parse("10.0.0.1"), Address.Parse("10.0.0.255"));
        var traffic = Traffic([("10.0.0.1", "10.0.0.255", 5), ("10.0.0.1", "192.0.2.7", 3)]);
        traffic = traffic with { ToMany = traffic.ToMany.Add(toAll, new Tally(5, 5 * 66)) };
        new WindowReporter([Vm1]).Report(Now, traffic, Window.Length).Single().Records.ShouldBe([Record("192.0.2.7", FlowDirection.Sent, 3)]);
    }

    [Fact]
    public void A_VM_known_by_a_link_local_address_is_heard_by_it()
    {
        var reports = Report([Vm1, Watched("vm3", "fe80::3")], ("fe80::3", "10.0.0.1", 4), ("10.0.0.1", "fe80::3", 2));
        reports.SelectMany(report => report.Records)
            .ShouldBe([Record("fe80::3", FlowDirection.Received, 4), Record("10.0.0.1", FlowDirection.Received, 2)]);
    }

    [Fact]
    public void Every_packet_between_watched_VMs_and_with_the_outside_is_reported_once_and_no_other() => SomeTraffic.Sample(traffic =>
    {
        WatchedVm[] watched = [Vm1, Vm2, Vm10];
        var addresses = watched.SelectMany(vm => vm.Addresses).ToHashSet();
        var concerned = traffic.Pairs.Where(pair => new[] { pair.Key.Source, pair.Key.Destination }
            is var ends && ends.Any(addresses.Contains) && ends.All(end => addresses.Contains(end) || LinkScopes.Of(end) is null));
        var reports = new WindowReporter(watched).Report(Now, traffic, Window.Length);
        reports.SelectMany(report => report.Records).Sum(record => record.Packets)
            .ShouldBe(concerned.Sum(pair => pair.Value.Packets));
    });

    [Fact]
    public void Two_VMs_cannot_share_an_address() =>
        Should.Throw<ArgumentException>(() => new WindowReporter([Vm1, Watched("vm3", "10.0.0.1")]))
            .Message.ShouldContain("vm1 and vm3 share the address 10.0.0.1");

    [Fact]
    public void A_VM_cannot_be_watched_twice() =>
        Should.Throw<ArgumentException>(() => new WindowReporter([Vm1, Watched("vm1", "10.0.0.7")]));

    private static WindowReport[] Report(WatchedVm[] vms, params (string From, string To, long Packets)[] flows) =>
        [.. new WindowReporter(vms).Report(Now, Traffic(flows), Window.Length)];

    private static WindowTraffic Traffic((string From, string To, long Packets)[] flows) => new(
        Now,
        flows.ToImmutableSortedDictionary(
            flow => new AddressPair(Address.Parse(flow.From), Address.Parse(flow.To)),
            flow => new Tally(flow.Packets, flow.Packets * 66)),
        ImmutableSortedDictionary<AddressPair, Tally>.Empty);

    private static TrafficRecord Record(string peer, FlowDirection direction, long packets) =>
        new(Address.Parse(peer), direction, packets, packets * 66);

    private static WatchedVm Watched(string vm, params string[] addresses) =>
        new(new VmId(vm), [.. addresses.Select(Address.Parse)]);
}
