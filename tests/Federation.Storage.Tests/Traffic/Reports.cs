using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Storage.Tests.Traffic;

/// <summary>Reports for tests of the traffic store.</summary>
internal static class Reports
{
    public static readonly AppId App = AppId.Parse("astro/cg.1");

    public static readonly Window Start = Window.Containing(new DateTimeOffset(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

    // Few of each, so that windows and origins often meet.
    private static readonly Gen<AppId> Apps = Gen.OneOf(App, AppId.Parse("astro/ft.1"));
    private static readonly Gen<VmId> Vms = Gen.OneOf(new VmId("vm2"), new VmId("vm10"), new VmId("vm1"));
    private static readonly Gen<Window> Windows = Gen.Int[-2, 3].Select(Start.Shift);

    private static readonly Gen<ReportOrigin> Origins = Gen.Select(
        Gen.OneOf("host-a", "host-b"), Gen.Int[1, 2], Gen.Long[1, 30],
        (sensor, boot, sequence) => new ReportOrigin(sensor, new Guid(boot, 0, 0, new byte[8]), sequence));

    private static readonly Gen<Address> Peers = Gen.OneOf(
        "10.42.0.2", "10.42.0.10", "192.168.0.1", "2001:db8::1", "2001:db8::10", "52:54:00:00:00:01").Select(Address.Parse);

    private static readonly Gen<ImmutableArray<TrafficRecord>> Records = Gen.Select(
        Peers, Gen.Enum<FlowDirection>(), Gen.Long[1, 1L << 53], Gen.Long[0, 1L << 53],
        (peer, direction, packets, bytes) => new TrafficRecord(peer, direction, packets, bytes))
        .Array[0, 8].Select(InOrder);

    private static readonly Gen<TimeSpan> Covered = Gen.Long[1, Window.Length.Ticks].Select(TimeSpan.FromTicks);

    private static readonly Gen<(long Dropped, int Merged)> Losses = Gen.Select(Gen.Long[0, 1000], Gen.Int[1, 2880]);

    public static readonly Gen<SubmittedReport> Any = Gen.Select(
        Apps, Vms, Windows, Origins, Records, Covered, Losses,
        (app, vm, window, origin, records, covered, losses) => new SubmittedReport(
            app, origin, new WindowReport(vm, window, records, covered, losses.Dropped, losses.Merged)));

    /// <summary>A report of the window so many after <see cref="Start"/>, with its sequence number.</summary>
    public static SubmittedReport Of(string vm, int window, long sequence, params ImmutableArray<TrafficRecord> records) => new(
        App,
        new ReportOrigin("host-a", Guid.Empty, sequence),
        new WindowReport(new VmId(vm), Start.Shift(window), records, Window.Length));

    public static TrafficRecord From(string peer, long packets = 1, long bytes = 60) =>
        new(Address.Parse(peer), FlowDirection.Received, packets, bytes);

    public static ImmutableArray<TrafficRecord> FromManyPeers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => From($"10.{i / 65536}.{i / 256 % 256}.{i % 256}", i + 1, 60))];

    /// <summary>A report by its value, its records included.</summary>
    public static string Text(WindowReport report) =>
        $"{report.Vm} {report.Window} {report.Covered} {report.Dropped} {report.Merged} [{string.Join("; ", report.Records)}]";

    private static ImmutableArray<TrafficRecord> InOrder(TrafficRecord[] records) =>
        [.. records.DistinctBy(row => (row.Peer, row.Direction)).OrderBy(row => row.Peer).ThenBy(row => row.Direction)];
}
