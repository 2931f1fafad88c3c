using System.Data.Common;
using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Events;

public sealed class SqliteEventLogTests() : EventLogContract(Kind.Sqlite);

public sealed class PostgresEventLogTests() : EventLogContract(Kind.Postgres)
{
    [Fact]
    public async Task An_append_by_another_process_wakes_the_waiter_too()
    {
        await using var other = Database.Open();
        var waiter = Log.WaitForNewer(0, Timeout.InfiniteTimeSpan, Cancel);

        await other.Events.Append(Event("news from elsewhere"), Cancel);

        (await waiter).ShouldBeTrue();
    }

    [Fact]
    public async Task A_waiter_whose_connection_was_cut_is_woken_once_there_is_another_one()
    {
        await Log.Append(Event("first"), Cancel);
        var waiter = Log.WaitForNewer(1, Timeout.InfiniteTimeSpan, Cancel);
        while (Database.Scalar<long>(Listening) == 0)
        {
            await Task.Yield();
        }

        Database.Execute($"SELECT pg_terminate_backend(pid) FROM ({Listening.Replace("COUNT(*)", "pid")}) AS l");
        Database.Execute("INSERT INTO event (at, kind, text) VALUES ('2026-11-23T17:51:00.0000000Z', 'test.unheard', 'unheard')");

        while (!waiter.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await waiter).ShouldBeTrue();
    }

    private const string Listening =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'";
}

/// <summary>What every event log does.</summary>
public abstract class EventLogContract(Kind kind) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero);
    private FederationDatabase opened = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    protected FakeTimeProvider Clock { get; } = new(Now);

    protected IEventLog Log => opened.Events;

    public async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.WithSchema(kind);
        opened = Database.Open(Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await opened.DisposeAsync();
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_was_appended_is_read_back_the_same_from_the_file()
    {
        var full = new FederationEvent(
            new EventKind("migration.started"),
            AppId.Parse("cg"),
            new SiteId("rennes"),
            "vm1 moves",
            Now.AddTicks(1234567),
            "{\"vm\":\"vm1\"}");
        var bare = new FederationEvent(new EventKind("service.started"), null, null, "started", Now);
        var sequences = new[] { await Log.Append(full, Cancel), await Log.Append(bare, Cancel) };

        await using var reopened = Database.Open();

        (await reopened.Events.ReadAfter(0, 10, Cancel)).ShouldBe([new(sequences[0], full), new(sequences[1], bare)]);
    }

    [Fact]
    public async Task Reading_goes_on_after_the_last_event_seen()
    {
        var sequences = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            sequences.Add(await Log.Append(Event($"event {i}"), Cancel));
        }

        sequences.ShouldBe(sequences.Order());
        var page = await Log.ReadAfter(sequences[1], 2, Cancel);

        page.Select(entry => entry.Sequence).ShouldBe([sequences[2], sequences[3]]);
        (await Log.ReadAfter(sequences[4], 2, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Appends_at_once_get_a_number_each()
    {
        var sequences = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Log.Append(Event($"event {i}"), Cancel)));

        sequences.Distinct().Count().ShouldBe(50);
        (await Log.ReadAfter(0, 100, Cancel)).Length.ShouldBe(50);
    }

    [Fact]
    public async Task A_number_is_not_given_out_again_when_its_event_was_deleted()
    {
        var last = await Log.Append(Event("old"), Cancel);
        Database.Execute("DELETE FROM event");

        (await Log.Append(Event("new"), Cancel)).ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task A_detail_that_is_no_JSON_is_refused() =>
        await Should.ThrowAsync<DbException>(() => Log.Append(Event("broken") with { DetailJson = "{" }, Cancel));

    [Fact]
    public async Task An_append_wakes_the_waiter_while_the_clock_stands_still()
    {
        var waiter = Log.WaitForNewer(0, TimeSpan.FromSeconds(10), Cancel);

        await Log.Append(Event("news"), Cancel);

        (await waiter).ShouldBeTrue();
    }

    [Fact]
    public async Task A_waiter_goes_on_waiting_until_the_event_is_newer_than_what_it_saw()
    {
        var seen = await Log.Append(Event("seen"), Cancel);
        var waiter = Log.WaitForNewer(seen + 1, Timeout.InfiniteTimeSpan, Cancel);

        (await Log.Append(Event("seen as well"), Cancel)).ShouldBe(seen + 1);
        (await Log.WaitForNewer(seen + 1, TimeSpan.Zero, Cancel)).ShouldBeFalse();
        await Log.Append(Event("news"), Cancel);

        (await waiter).ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_that_is_there_already_needs_no_waiting()
    {
        await Log.Append(Event("there"), Cancel);

        (await Log.WaitForNewer(0, TimeSpan.Zero, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_news_the_waiter_is_told_so_when_its_time_is_up()
    {
        var waiter = Log.WaitForNewer(0, TimeSpan.FromSeconds(10), Cancel);

        Clock.Advance(TimeSpan.FromSeconds(10));

        (await waiter).ShouldBeFalse();
    }

    [Fact]
    public async Task A_waiter_that_is_cancelled_throws()
    {
        using var cancellation = new CancellationTokenSource();
        var waiter = Log.WaitForNewer(0, Timeout.InfiniteTimeSpan, cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiter);
    }

    protected static FederationEvent Event(string text) => new(new EventKind("test.happened"), null, null, text, Now);
}
