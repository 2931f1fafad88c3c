using System.Text.Json;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Traffic;

public sealed class WindowBatchTests
{
    private static readonly Guid Boot = Guid.Parse("5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11");

    private static readonly PostedRecord Record = new() { Peer = "10.42.0.1", Direction = "received", Packets = 1, Bytes = 66 };

    private static readonly PostedWindow Posted =
        new() { Sequence = 1, Vm = "vm1", Start = "2026-11-23T17:51:00Z", Covered = 30, Records = [Record] };

    private static readonly WindowBatch Batch = new() { Sensor = "host1", Boot = Boot, Application = "cg", Windows = [Posted] };

    // The first is none: the window stays as it is.
    private static readonly string[] Spoilt = ["", """{"vm":7}""", """{"vm":"vmX","start":"then","covered":"all","sequence":1,"records":[]}""", "[]", "7", """{"vm":"\ud800","start":"\udfff"}""", """{"\ud800":1}"""];

    private static readonly Gen<NumberedReport> SomeReport =
        from sequence in Gen.Long[1, long.MaxValue]
        from vm in Gen.Int[1, 999]
        from window in Gen.Int[0, 100_000_000]
        from ticks in Gen.Long[1, Window.Length.Ticks]
        from dropped in Gen.Long[0, 1L << 40]
        from merged in Gen.Int[1, 16]
        from peers in Gen.Select(Gen.Byte.Array[16], Gen.Bool, Gen.Long[1, 1L << 53], Gen.Long[0, 1L << 53]).Array[0, 8]
        select new NumberedReport(
            new ReportOrigin("host1", Boot, sequence),
            new WindowReport(
                new VmId($"vm{vm}"),
                Window.Containing(DateTimeOffset.UnixEpoch).Shift(window),
                [.. peers.Select(peer => new TrafficRecord(
                    Address.IPv6(peer.Item1), peer.Item2 ? FlowDirection.Sent : FlowDirection.Received, peer.Item3, peer.Item4))
                    .DistinctBy(record => record.Peer)
                    .OrderBy(record => record.Peer)],
                TimeSpan.FromTicks(ticks),
                dropped,
                merged));

    [Fact]
    public void What_a_sensor_writes_a_service_reads() => SomeReport.Array[1, 5].Sample(reports =>
    {
        var json = JsonSerializer.Serialize(WindowBatch.Of(AppId.Parse("cg"), reports), WindowBatchJson.Default.WindowBatch);
        var reading = WindowBatchReading.Of(JsonSerializer.Deserialize(json, WindowBatchJson.Default.WindowBatch)!);
        reading.Faults.ShouldBeEmpty();
        reading.Refused.ShouldBeEmpty();
        reading.Application.ShouldBe(AppId.Parse("cg"));
        reading.Reports.Select(report => report.Origin).ShouldBe(reports.Select(report => report.Origin));
        reading.Reports.Select(WithoutRecords).ShouldBe(reports.Select(WithoutRecords));
        reading.Reports.SelectMany(report => report.Report.Records).ShouldBe(reports.SelectMany(report => report.Report.Records));
    });

    [Fact]
    public void Windows_that_are_malformed_are_named_alone_and_the_others_read_as_ever() => (
        from reports in SomeReport.Array[1, 5]
        from spoilt in Gen.Int[0, Spoilt.Length - 1].Select(which => Spoilt[which]).Array[5]
        select (reports, spoilt)).Sample(sample =>
    {
        var batch = WindowBatch.Of(AppId.Parse("cg"), sample.reports);
        var windows = batch.Windows.Select((window, place) => sample.spoilt[place] is { Length: > 0 } text
            ? text : JsonSerializer.Serialize(window, WindowBatchJson.Default.PostedWindow)).ToList();
        using var body = JsonDocument.Parse($$"""{"sensor":"host1","boot":"{{Boot}}","application":"cg","windows":[{{string.Join(',', windows)}}]}""");

        var parsed = ParsedBatch.Of(body.RootElement).ShouldNotBeNull();

        var fine = sample.reports.Where((_, place) => sample.spoilt[place].Length == 0).ToList();
        parsed.Batch.Windows.Select(window => window.Sequence).ShouldBe(fine.Select(report => report.Origin.Sequence));
        parsed.Malformed.Select(refused => (refused.Vm, refused.Start)).ShouldBe(
            sample.spoilt.Take(windows.Count).Where(text => text.Length > 0).Select(text => text.Contains("vmX", StringComparison.Ordinal) ? ("vmX", "then") : ("", "")));
        parsed.Malformed.ShouldAllBe(refused => refused.Reason.StartsWith("it is not a window: ", StringComparison.Ordinal));
        var reading = WindowBatchReading.Of(parsed);
        reading.Faults.ShouldBeEmpty();
        (reading.Reports.Length, reading.Refused.Length).ShouldBe((fine.Count, windows.Count - fine.Count));
    });

    [Theory]
    [InlineData("""[]""")]
    [InlineData("""{"sensor":"host1","boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11"}""")]
    [InlineData("""{"sensor":1,"boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11","windows":[]}""")]
    [InlineData("""{"sensor":"host1","boot":"once","windows":[]}""")]
    [InlineData("""{"sensor":"\ud800","boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11","windows":[]}""")]
    [InlineData("""{"sensor":"host1","\ud800":1,"boot":"once","windows":[]}""")]
    [InlineData("""{"sensor":"host1","boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11","application":{},"windows":[]}""")]
    public void What_is_no_batch_around_its_windows_is_not_read_window_by_window(string body)
    {
        using var document = JsonDocument.Parse(body);
        ParsedBatch.Of(document.RootElement).ShouldBeNull();
    }

    [Fact]
    public void Drops_and_merging_are_read_and_checked()
    {
        var lossy = WindowBatchReading.Of(Batch with { Windows = [Posted with { Dropped = 7, Merged = 4 }] }).Reports.Single().Report;
        (lossy.Dropped, lossy.Merged, lossy.IsExact).ShouldBe((7, 4, false));
        WindowBatchReading.Of(Batch).Reports.Single().Report.IsExact.ShouldBeTrue();
        WindowBatchReading.Of(Batch with { Windows = [Posted with { Dropped = -1, Merged = 0 }] }).Refused.Single().Reason
            .ShouldBe("dropped -1 is negative; merged 0 is not from 1 to 2880");
    }

    [Fact]
    public void The_wire_looks_as_it_was_agreed() =>
        JsonSerializer.Serialize(
            WindowBatch.Of(AppId.Parse("cg"), WindowBatchReading.Of(Batch).Reports), WindowBatchJson.Default.WindowBatch)
            .ShouldBe(
                """{"sensor":"host1","boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11","application":"cg","windows":[""" +
                """{"sequence":1,"vm":"vm1","start":"2026-11-23T17:51:00Z","covered":30,"records":[""" +
                """{"peer":"10.42.0.1","direction":"received","packets":1,"bytes":66}]}]}""");

    [Fact]
    public void A_start_in_another_zone_is_the_same_window() =>
        WindowBatchReading.Of(With(Posted with { Start = "2026-11-23T18:51:00+01:00" })).Reports.Single().Report.Window.ToString()
            .ShouldBe("2026-11-23T17:51:00Z");

    [Fact]
    public void Records_are_put_in_order_of_their_peers()
    {
        var window = Posted with { Records = [Record with { Peer = "10.42.0.10" }, Record with { Peer = "10.42.0.9" }] };
        WindowBatchReading.Of(With(window)).Reports.Single().Report.Records.Select(record => record.Peer.ToString())
            .ShouldBe(["10.42.0.9", "10.42.0.10"]);
    }

    [Theory]
    [InlineData("2026-11-23T17:51:15Z", "is not at :00 or :30 of a minute")]
    [InlineData("2026-11-23T17:51:00.5Z", "is not at :00 or :30 of a minute")]
    [InlineData("2026-11-23T17:51:00", "no ISO 8601 time with a zone")]
    [InlineData("yesterday", "no ISO 8601 time with a zone")]
    [InlineData("9999-12-31T23:59:30Z", "is not from 1970 to 2106")]
    public void A_start_that_no_window_has_is_refused(string start, string reason) =>
        ReasonOf(Posted with { Start = start }).ShouldContain(reason);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(30.001)]
    [InlineData(double.NaN)]
    public void A_window_that_was_not_watched_or_longer_than_it_lasts_is_refused(double covered) =>
        ReasonOf(Posted with { Covered = covered }).ShouldContain("is not in (0, 30] seconds");

    [Fact]
    public void A_sequence_below_1_is_refused() =>
        ReasonOf(Posted with { Sequence = 0 }).ShouldBe("sequence 0 is not at least 1");

    [Fact]
    public void A_VM_without_a_name_is_refused() => ReasonOf(Posted with { Vm = " " }).ShouldBe("the VM's name is missing");

    [Fact]
    public void A_peer_that_is_no_address_is_refused() =>
        ReasonOf(Record with { Peer = "10.42.0" }).ShouldContain("'10.42.0' is no IPv4");

    [Fact]
    public void A_direction_that_is_none_is_refused() =>
        ReasonOf(Record with { Direction = "Sideways" }).ShouldBe("direction 'Sideways' is neither received nor sent");

    [Fact]
    public void A_record_without_packets_is_refused() => ReasonOf(Record with { Packets = 0 }).ShouldContain("is not at least 1");

    [Fact]
    public void Negative_bytes_are_refused() => ReasonOf(Record with { Bytes = -1 }).ShouldContain("is negative");

    [Fact]
    public void A_peer_that_is_there_twice_is_refused_however_it_is_written() =>
        ReasonOf(Posted with { Records = [Record, Record with { Peer = "::ffff:10.42.0.1" }] })
            .ShouldBe("peer 10.42.0.1 is there twice as received");

    [Fact]
    public void A_null_window_or_record_is_refused_and_not_a_crash()
    {
        ReasonOf((PostedWindow)null!).ShouldBe("a window is null");
        ReasonOf(Posted with { Records = [null!] }).ShouldBe("a record is null");
    }

    [Fact]
    public void All_faults_of_a_window_are_named_at_once()
    {
        var record = Record with { Packets = 0, Bytes = -1 };
        var reason = ReasonOf(new PostedWindow { Sequence = 0, Vm = "", Start = "x", Covered = 0, Records = [record] });
        reason.Split("; ").Length.ShouldBe(6);
    }

    [Fact]
    public void A_faulty_window_does_not_keep_out_the_others()
    {
        var batch = Batch with { Windows = [Posted with { Covered = 0 }, Posted with { Vm = "vm2" }] };
        var reading = WindowBatchReading.Of(batch);
        reading.Reports.Single().Report.Vm.ShouldBe(new VmId("vm2"));
        reading.Refused.Single().ShouldBe(
            new RefusedWindow("vm1", "2026-11-23T17:51:00Z", "covered 0 is not in (0, 30] seconds"));
    }

    [Fact]
    public void A_batch_names_all_its_own_faults_at_once()
    {
        var empty = new WindowBatch { Sensor = "", Boot = Guid.Empty, Application = null!, Windows = default };
        var reading = WindowBatchReading.Of(empty);
        reading.Faults.Select(fault => fault.Split(':')[0]).ShouldBe(["sensor", "boot", "application", "windows"]);
        reading.Reports.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"sensor":"host1","boot":"5d3ab5a2-6a52-4a0c-9f06-1f8d5a6f9d11","application":"cg","windows":null}""")]
    public void A_body_of_another_shape_does_not_parse(string json) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(json, WindowBatchJson.Default.WindowBatch));

    [Fact]
    public void A_batch_is_of_one_boot()
    {
        var report = WindowBatchReading.Of(Batch).Reports.Single();
        var other = report with { Origin = report.Origin with { Boot = Guid.Empty } };
        Should.Throw<ArgumentException>(() => WindowBatch.Of(AppId.Parse("cg"), [report, other]));
        Should.Throw<ArgumentException>(() => WindowBatch.Of(AppId.Parse("cg"), []));
    }

    private static WindowReport WithoutRecords(NumberedReport numbered) => numbered.Report with { Records = [] };

    private static WindowBatch With(PostedWindow window) => Batch with { Windows = [window] };

    private static string ReasonOf(PostedWindow window)
    {
        var reading = WindowBatchReading.Of(With(window));
        reading.Reports.ShouldBeEmpty();
        return reading.Refused.Single().Reason;
    }

    private static string ReasonOf(PostedRecord record) => ReasonOf(Posted with { Records = [record] });
}
