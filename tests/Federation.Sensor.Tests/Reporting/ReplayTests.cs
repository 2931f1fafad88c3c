using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Reporting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Reporting;

public sealed class ReplayTests
{
    private static readonly DateTimeOffset Now = new(2027, 1, 5, 9, 12, 44, TimeSpan.Zero);

    [Fact]
    public void The_last_window_of_the_capture_becomes_the_last_one_that_has_closed()
    {
        var reports = Reports(MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z"), MadeFrame.Between(1, 2, "2026-11-23T17:51:40Z"));
        reports.Select(report => report.Window.ToString()).Distinct().ShouldBe(["2027-01-05T09:11:30Z", "2027-01-05T09:12:00Z"]);
    }

    [Fact]
    public void A_gap_in_the_capture_is_reported_as_zero_and_wholly_watched()
    {
        var reports = Reports(MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z"), MadeFrame.Between(2, 1, "2026-11-23T17:52:10Z"));
        reports.Select(report => report.Records.Length).ShouldBe([0, 1, 0, 0, 1, 0]);
        reports.ShouldAllBe(report => !report.IsPartial);
    }

    [Fact]
    public void A_capture_that_is_reported_three_times_fills_three_times_its_windows_without_a_gap()
    {
        MadeFrame[] frames = [MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z"), MadeFrame.Between(2, 1, "2026-11-23T17:51:40Z")];
        var once = Reports(frames);
        var thrice = Lazily(times: 3, frames).ToArray();
        thrice.Select(report => report.Window).Distinct().ShouldBe(Window.Ending(Window.LastClosed(Now), 6));
        thrice.Select(report => report.Records.Length).ShouldBe([.. Enumerable.Repeat(once.Select(report => report.Records.Length), 3).SelectMany(same => same)]);
        thrice[^once.Length..].Select(report => report.Window).ShouldBe(once.Select(report => report.Window));
    }

    [Fact]
    public void A_capture_without_frames_gives_no_reports() => Reports().ShouldBeEmpty();

    [Fact]
    public void A_frame_to_the_broadcast_address_of_a_network_does_not_go_outside()
    {
        var toHost = MadeFrame.Between(1, 9, "2026-11-23T17:51:10Z");
        var toAll = MadeFrame.Between(1, 255, "2026-11-23T17:51:11Z");
        toAll.Data.AsSpan(0, 6).Fill(0xFF);

        var records = Reports(toHost, toAll).SelectMany(report => report.Records);

        records.ShouldHaveSingleItem().Peer.ShouldBe(Address.Parse("10.0.0.9"));
    }

    [Fact]
    public void A_capture_that_spans_a_century_is_not_made_all_at_once()
    {
        var reports = Lazily(MadeFrame.Between(1, 2, "1971-01-01T00:00:00Z"), MadeFrame.Between(1, 2, "2037-01-01T00:00:00Z"));
        reports.Take(4).Sum(report => report.Records.Length).ShouldBe(1);
    }

    [Fact]
    public void Reports_are_numbered_from_1_on_within_a_boot()
    {
        var boot = Guid.Parse("5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11");
        var numbering = new ReportNumbering("host1", boot);
        var frame = MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z");
        numbering.Number(Reports(frame)).Concat(numbering.Number(Reports(frame))).Select(numbered => numbered.Origin)
            .ShouldBe(Enumerable.Range(1, 4).Select(sequence => new ReportOrigin("host1", boot, sequence)));
    }

    private static WindowReport[] Reports(params MadeFrame[] frames) => [.. Lazily(frames)];

    private static IEnumerable<WindowReport> Lazily(params MadeFrame[] frames) => Lazily(times: 1, frames);

    private static IEnumerable<WindowReport> Lazily(int times, params MadeFrame[] frames)
    {
        using var file = new TemporaryFile(CaptureFormat.Classic.Write(frames).File);
        var capture = CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken);
        var reporter = new WindowReporter([Watched("vm1", "10.0.0.1"), Watched("vm2", "10.0.0.2")]);
        return Replay.Reports(capture, reporter, Window.LastClosed(Now), times);
    }

    private static WatchedVm Watched(string vm, string address) => new(new VmId(vm), [Address.Parse(address)]);
}
