using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Sqlite;

public sealed class SqliteEventLogTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero);
    private readonly TemporaryDatabase database = TemporaryDatabase.WithSchema();
    private readonly FakeTimeProvider clock = new(Now);
    private readonly SqliteEventLog log;

    public SqliteEventLogTests() => log = new SqliteEventLog(database.ConnectionString, clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await log.DisposeAsync();
        database.Dispose();
    }

    [Fact]
    public async Task What_was_appended_is_read_back_the_same_from_the_file()
    {
        var full = new FederationEvent(
            new EventKind("migration.started"),
            new AppId("cg"),
            new SiteId("rennes"),
            "vm1 moves",
            Now.AddTicks(1234567),
            "{\"vm\":\"vm1\"}");
        var bare = new FederationEvent(new EventKind("service.started"), null, null, "started", Now);
        var sequences = new[] { await log.Append(full, Cancel), await log.Append(bare, Cancel) };

        await using var reopened = new SqliteEventLog(database.ConnectionString);

        (await reopened.ReadAfter(0, 10, Cancel)).ShouldBe([new(sequences[0], full), new(sequences[1], bare)]);
    }

    [Fact]
    public async Task Reading_goes_on_after_the_last_event_seen()
    {
        var sequences = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            sequences.Add(await log.Append(Event($"event {i}"), Cancel));
        }

        sequences.ShouldBe(sequences.Order());
        var page = await log.ReadAfter(sequences[1], 2, Cancel);

        page.Select(entry => entry.Sequence).ShouldBe([sequences[2], sequences[3]]);
        (await log.ReadAfter(sequences[4], 2, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Appends_at_once_get_a_number_each()
    {
        var sequences = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => log.Append(Event($"event {i}"), Cancel)));

        sequences.Distinct().Count().ShouldBe(50);
        (await log.ReadAfter(0, 100, Cancel)).Length.ShouldBe(50);
    }

    [Fact]
    public async Task A_number_is_not_given_out_again_when_its_event_was_deleted()
    {
        var last = await log.Append(Event("old"), Cancel);
        database.Execute("DELETE FROM event");

        (await log.Append(Event("new"), Cancel)).ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task A_detail_that_is_no_JSON_is_refused() =>
        await Should.ThrowAsync<SqliteException>(() => log.Append(Event("broken") with { DetailJson = "{" }, Cancel));

    [Fact]
    public async Task An_append_wakes_the_waiter_while_the_clock_stands_still()
    {
        var waiter = log.WaitForNewer(0, TimeSpan.FromSeconds(10), Cancel);

        await log.Append(Event("news"), Cancel);

        (await waiter).ShouldBeTrue();
    }

    [Fact]
    public async Task A_waiter_goes_on_waiting_until_the_event_is_newer_than_what_it_saw()
    {
        var seen = await log.Append(Event("seen"), Cancel);
        var waiter = log.WaitForNewer(seen + 1, Timeout.InfiniteTimeSpan, Cancel);

        (await log.Append(Event("seen as well"), Cancel)).ShouldBe(seen + 1);
        (await log.WaitForNewer(seen + 1, TimeSpan.Zero, Cancel)).ShouldBeFalse();
        await log.Append(Event("news"), Cancel);

        (await waiter).ShouldBeTrue();
    }

    [Fact]
    public async Task An_event_that_is_there_already_needs_no_waiting()
    {
        await log.Append(Event("there"), Cancel);

        (await log.WaitForNewer(0, TimeSpan.Zero, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_news_the_waiter_is_told_so_when_its_time_is_up()
    {
        var waiter = log.WaitForNewer(0, TimeSpan.FromSeconds(10), Cancel);

        clock.Advance(TimeSpan.FromSeconds(10));

        (await waiter).ShouldBeFalse();
    }

    [Fact]
    public async Task A_waiter_that_is_cancelled_throws()
    {
        using var cancellation = new CancellationTokenSource();
        var waiter = log.WaitForNewer(0, Timeout.InfiniteTimeSpan, cancellation.Token);

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiter);
    }

    private static FederationEvent Event(string text) => new(new EventKind("test.happened"), null, null, text, Now);
}
