using Federation.Domain.Traffic;
using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Traffic;

/// <summary>What only a file of one's own can be put through.</summary>
public sealed class SqliteCrashTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crash_in_the_middle_of_a_batch_leaves_nothing_of_it()
    {
        await using var database = await SqliteTestDatabase.WithSchema();
        await using var opened = database.Open();
        var store = opened.Traffic;
        await store.Append([Reports.Of("vm1", 0, 1)], Cancel);
        var log = new FileInfo(database.Path + "-wal").Length;

        // Enough to be spilled to the log file before the commit.
        SqliteTestDatabase? image = null;
        var batch = Enumerable.Range(0, 30).Select(i => Reports.Of("vm2", i, i + 2, Reports.FromManyPeers(4000))).ToArray();
        await store.Append(new ListWithHook<SubmittedReport>(batch, at: 25, () => image = database.CrashImage()), Cancel);

        await using var crashed = image.ShouldNotBeNull();
        await using var recovered = crashed.Open();
        new FileInfo(crashed.Path + "-wal").Length.ShouldBeGreaterThan(log);
        (await ReadAll(recovered.Traffic)).ShouldBe([Reports.Text(Reports.Of("vm1", 0, 1).Report)]);
        (await ReadAll(store)).Count.ShouldBe(31);
    }

    [Fact]
    public async Task A_store_that_was_closed_takes_no_more()
    {
        await using var database = await SqliteTestDatabase.WithSchema();
        var opened = database.Open();
        await opened.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => opened.Traffic.Append([Reports.Of("vm1", 0, 1)], Cancel));
    }

    private static async Task<List<string>> ReadAll(ITrafficStore from) =>
        [.. (await from.Read(Reports.App, Reports.Start, Reports.Start.Shift(10_000), Cancel)).Select(Reports.Text)];
}
