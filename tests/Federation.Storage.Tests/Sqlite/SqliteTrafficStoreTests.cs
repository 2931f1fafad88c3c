using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Sqlite;

public sealed class SqliteTrafficStoreTests : IAsyncDisposable
{
    private readonly TemporaryDatabase database = TemporaryDatabase.WithSchema();
    private readonly SqliteTrafficStore store;

    public SqliteTrafficStoreTests() => store = new SqliteTrafficStore(database.ConnectionString);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        database.Dispose();
    }

    [Fact]
    public async Task What_was_stored_is_there_when_the_store_is_opened_again()
    {
        var report = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 5, 700));
        await store.Append([report], Cancel);
        await store.DisposeAsync();

        await using var reopened = new SqliteTrafficStore(database.ConnectionString);

        (await ReadAll(reopened)).ShouldBe([Reports.Text(report.Report)]);
    }

    [Fact]
    public async Task A_report_without_records_is_zero_and_not_silence()
    {
        await store.Append([Reports.Of("vm1", 0, 1)], Cancel);

        var report = (await store.Read(Reports.App, Reports.Start, Reports.Start, Cancel)).ShouldHaveSingleItem();
        report.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_report_of_a_window_changes_nothing_whatever_it_says()
    {
        var first = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 5, 700));

        (await store.Append([first], Cancel)).ShouldBe([AppendOutcome.Stored]);
        (await store.Append([Reports.Of("vm1", 0, 2, Reports.From("10.42.0.3"))], Cancel)).ShouldBe([AppendOutcome.Duplicate]);

        (await ReadAll(store)).ShouldBe([Reports.Text(first.Report)]);
    }

    [Fact]
    public async Task A_report_that_a_sensor_sends_again_is_known_though_its_VM_joined_another_application()
    {
        var report = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2"));

        await store.Append([report], Cancel);
        var again = await store.Append([report with { Application = new AppId("ft") }], Cancel);

        again.ShouldBe([AppendOutcome.Duplicate]);
    }

    [Fact]
    public async Task Reports_come_by_window_and_then_by_VM_as_people_count()
    {
        await store.Append(
            [Reports.Of("vm10", 1, 1), Reports.Of("vm2", 1, 2), Reports.Of("vm10", 0, 3), Reports.Of("vm2", -1, 4)], Cancel);

        var reports = await store.Read(Reports.App, Reports.Start, Reports.Start.Next, Cancel);

        reports.Select(report => (report.Vm.Value, report.Window)).ShouldBe([("vm10", Reports.Start), ("vm2", Reports.Start.Next), ("vm10", Reports.Start.Next)]);
    }

    [Fact]
    public async Task Appends_at_once_store_each_window_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => store.Append(
            [.. Enumerable.Range(0, 20).Select(window => Reports.Of("vm1", window, (100 * sender) + window + 1))], Cancel)));

        outcomes.SelectMany(batch => batch).Count(outcome => outcome == AppendOutcome.Stored).ShouldBe(20);
        (await ReadAll(store)).Count.ShouldBe(20);
    }

    [Fact]
    public async Task Two_stores_on_one_file_store_each_window_once()
    {
        await using var other = new SqliteTrafficStore(database.ConnectionString);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? store : other).Append([Reports.Of("vm1", i / 2, i + 1)], Cancel)));

        outcomes.Count(batch => batch[0] == AppendOutcome.Stored).ShouldBe(20);
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_batch_leaves_nothing_of_it()
    {
        await store.Append([Reports.Of("vm1", 0, 1)], Cancel);
        var log = new FileInfo(database.Path + "-wal").Length;

        // Enough to be spilled to the log file before the commit.
        TemporaryDatabase? image = null;
        var batch = Enumerable.Range(0, 30).Select(i => Reports.Of("vm2", i, i + 2, Reports.FromManyPeers(4000))).ToArray();
        await store.Append(new ListWithHook<SubmittedReport>(batch, at: 25, () => image = database.CrashImage()), Cancel);

        using var crashed = image.ShouldNotBeNull();
        await using var recovered = new SqliteTrafficStore(crashed.ConnectionString);
        new FileInfo(crashed.Path + "-wal").Length.ShouldBeGreaterThan(log);
        (await ReadAll(recovered)).ShouldBe([Reports.Text(Reports.Of("vm1", 0, 1).Report)]);
        (await ReadAll(store)).Count.ShouldBe(31);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_half_way_leaves_nothing_of_it()
    {
        using var cancellation = new CancellationTokenSource();
        var batch = Enumerable.Range(0, 10).Select(i => Reports.Of("vm1", i, i + 1)).ToArray();
        var reports = new ListWithHook<SubmittedReport>(batch, at: 5, cancellation.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(() => store.Append(reports, cancellation.Token));

        (await ReadAll(store)).ShouldBeEmpty();
        (await store.Append(batch, Cancel)).ShouldAllBe(outcome => outcome == AppendOutcome.Stored);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, -1)]
    public async Task A_report_out_of_bounds_is_refused_with_its_whole_batch(long packets, long bytes)
    {
        var broken = Reports.Of("vm2", 0, 2, Reports.From("10.42.0.2", packets, bytes));

        var refusal = await Should.ThrowAsync<ArgumentException>(
            () => store.Append([Reports.Of("vm1", 0, 1), broken], Cancel));

        refusal.Message.ShouldContain("vm2");
        (await ReadAll(store)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_without_a_peer_is_refused()
    {
        var broken = Reports.Of("vm1", 0, 1, new TrafficRecord(default, FlowDirection.Received, 1, 60));

        await Should.ThrowAsync<ArgumentException>(() => store.Append([broken], Cancel));
    }

    [Fact]
    public async Task A_long_history_is_deleted_whole_with_its_records_and_nothing_else()
    {
        await store.Append(
            [.. Enumerable.Range(0, 1200).Select(i => Reports.Of("vm1", i, i + 1, Reports.From("10.42.0.2")))], Cancel);
        var other = Reports.Of("vm1", 0, 5000) with { Application = new AppId("ft") };
        await store.Append([other], Cancel);

        (await store.DeleteBefore(Reports.App, Reports.Start.Shift(1190), Cancel)).ShouldBe(1190);

        (await ReadAll(store)).Count.ShouldBe(10);
        database.Scalar<long>("SELECT COUNT(*) FROM traffic_record").ShouldBe(10);
        (await store.LatestWindow(other.Application, Cancel)).ShouldBe(Reports.Start);
    }

    [Fact]
    public async Task People_can_read_it_with_SQL()
    {
        await store.Append([Reports.Of("vm1", 0, 1, Reports.From("2001:db8::1", 5, 700))], Cancel);

        database.Scalar<string>(
            "SELECT concat_ws(' ', application, vm, \"window\", covered_seconds, peer, direction, packets, bytes) FROM traffic")
            .ShouldBe("cg vm1 2026-11-23T17:51:00Z 30.0 2001:db8::1 received 5 700");
    }

    [Fact]
    public async Task A_store_that_was_closed_takes_no_more()
    {
        await store.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => store.Append([Reports.Of("vm1", 0, 1)], Cancel));
    }

    private static async Task<List<string>> ReadAll(SqliteTrafficStore from) =>
        [.. (await from.Read(Reports.App, Reports.Start, Reports.Start.Shift(10_000), Cancel)).Select(Reports.Text)];
}
