using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Traffic;

public sealed class SqliteTrafficStoreTests() : TrafficStoreContract(Kind.Sqlite);

public sealed class PostgresTrafficStoreTests() : TrafficStoreContract(Kind.Postgres);

/// <summary>What every traffic store does.</summary>
public abstract class TrafficStoreContract(Kind kind) : IAsyncLifetime
{
    private TestDatabase database = null!;
    private FederationDatabase opened = null!;
    private ITrafficStore store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.WithSchema(kind);
        opened = database.Open();
        store = opened.Traffic;
    }

    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_stored_is_there_when_the_store_is_opened_again()
    {
        var report = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 5, 700));
        await store.Append([report], Cancel);
        await opened.DisposeAsync();

        await using var reopened = database.Open();

        (await ReadAll(reopened.Traffic)).ShouldBe([Reports.Text(report.Report)]);
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
    public async Task The_parts_of_two_sensors_are_both_kept_and_add_up()
    {
        var here = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 5, 700));
        var there = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 2, 300), Reports.From("10.42.0.3", 1, 60));
        there = there with { Origin = there.Origin with { Sensor = "host-b" }, Report = there.Report with { Dropped = 4 } };

        (await store.Append([here, there, here, there], Cancel))
            .ShouldBe([AppendOutcome.Stored, AppendOutcome.Stored, AppendOutcome.Duplicate, AppendOutcome.Duplicate]);

        var sum = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2", 7, 1000), Reports.From("10.42.0.3", 1, 60)).Report with { Dropped = 4 };
        (await ReadAll(store)).ShouldBe([Reports.Text(sum)]);
        (await store.ReadParts(Reports.App, new VmId("vm1"), Reports.Start, Reports.Start, Cancel)).Select(part => part.Sensor)
            .ShouldBe(["host-a", "host-b"]);
    }

    [Fact]
    public async Task A_report_that_a_sensor_sends_again_is_known_though_its_VM_joined_another_application()
    {
        var report = Reports.Of("vm1", 0, 1, Reports.From("10.42.0.2"));

        await store.Append([report], Cancel);
        var again = await store.Append([report with { Application = AppId.Parse("ft") }], Cancel);

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
    public async Task Batches_with_the_same_windows_in_other_orders_do_not_lock_each_other_out()
    {
        var batch = Enumerable.Range(0, 200).Select(i => Reports.Of("vm1", i, i + 1, Reports.From("10.42.0.2"))).ToArray();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.Append(
            i % 2 == 0 ? batch : [.. batch.Reverse()], Cancel)));

        outcomes.SelectMany(batch => batch).Count(outcome => outcome == AppendOutcome.Stored).ShouldBe(200);
    }

    [Fact]
    public async Task Two_stores_on_one_database_store_each_window_once()
    {
        await using var other = database.Open();

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            (i % 2 == 0 ? store : other.Traffic).Append([Reports.Of("vm1", i / 2, i + 1)], Cancel)));

        outcomes.Count(batch => batch[0] == AppendOutcome.Stored).ShouldBe(20);
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
        var other = Reports.Of("vm1", 0, 5000) with { Application = AppId.Parse("ft") };
        await store.Append([other], Cancel);

        (await store.DeleteBefore(Reports.App, Reports.Start.Shift(1190), Cancel)).ShouldBe(1190);

        (await ReadAll(store)).Count.ShouldBe(10);
        database.Scalar<long>("SELECT COUNT(*) FROM traffic WHERE application = 'astro/cg.1' AND peer IS NOT NULL").ShouldBe(10);
        (await store.LatestWindow(other.Application, null, Cancel)).ShouldBe(Reports.Start);
    }

    [Theory]
    [InlineData("10.42.0.255")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::5054:ff:fe00:1")]
    [InlineData("52:54:00:00:00:01")]
    public async Task People_can_read_it_with_SQL(string peer)
    {
        await store.Append([Reports.Of("vm1", 0, 1, Reports.From(peer, 5, 1L << 53))], Cancel);

        database.Scalar<string>(
            "SELECT concat_ws(' ', application, vm, \"window\", sensor, dropped, merged, peer, direction, packets, bytes) FROM traffic")
            .ShouldBe($"astro/cg.1 vm1 2026-11-23T17:51:00Z host-a 0 1 {peer} received 5 9007199254740992");
        database.Scalar<double>("SELECT covered_seconds FROM traffic").ShouldBe(30.0);
    }

    private static async Task<List<string>> ReadAll(ITrafficStore from) =>
        [.. (await from.Read(Reports.App, Reports.Start, Reports.Start.Shift(10_000), Cancel)).Select(Reports.Text)];
}
