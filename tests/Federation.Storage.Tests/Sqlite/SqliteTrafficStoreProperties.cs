using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Sqlite;

public sealed class SqliteTrafficStoreProperties
{
    private static readonly AppId[] Apps = [new("cg"), new("ft"), new("unknown")];

    [Fact]
    public Task Whatever_is_appended_and_deleted_it_answers_as_the_oracle_does() =>
        Gen.Select(Reports.Any.Array[0, 12].Array[1, 5], Gen.Int[-3, 3]).SampleAsync(
            async (batches, oldestKept) =>
            {
                using var database = TemporaryDatabase.WithSchema();
                await using var store = new SqliteTrafficStore(database.ConnectionString);
                var oracle = new InMemoryTrafficStore();
                foreach (var batch in batches)
                {
                    (await store.Append(batch, default)).ShouldBe(batch.Select(oracle.Append));
                }

                await ShouldAgree(store, oracle);
                var window = Reports.Start.Shift(oldestKept);
                (await store.DeleteBefore(Reports.App, window, default)).ShouldBe(oracle.DeleteBefore(Reports.App, window));
                await ShouldAgree(store, oracle);
            },
            iter: 60,
            threads: 1);

    [Fact]
    public Task A_batch_that_is_sent_again_changes_nothing() =>
        Reports.Any.Array[1, 12].SampleAsync(
            async batch =>
            {
                using var database = TemporaryDatabase.WithSchema();
                await using var store = new SqliteTrafficStore(database.ConnectionString);
                await store.Append(batch, default);
                var before = await Everything(store, Reports.App);

                (await store.Append(batch, default)).ShouldAllBe(outcome => outcome == AppendOutcome.Duplicate);

                (await Everything(store, Reports.App)).ShouldBe(before);
            },
            iter: 20,
            threads: 1);

    private static async Task ShouldAgree(SqliteTrafficStore store, InMemoryTrafficStore oracle)
    {
        var (first, last) = (Reports.Start.Shift(-1), Reports.Start.Shift(2));
        foreach (var app in Apps)
        {
            (await store.LatestWindow(app, default)).ShouldBe(oracle.Latest(app));
            (await store.Read(app, first, last, default)).Select(Reports.Text)
                .ShouldBe(oracle.Read(app, vm: null, first, last).Select(Reports.Text));
            var vm = new VmId("vm10");
            (await store.ReadParts(app, vm, first, last, default)).Select(part => Reports.Text(part.Report))
                .ShouldBe(oracle.Read(app, vm, first, last).Select(Reports.Text));
        }
    }

    private static async Task<List<string>> Everything(SqliteTrafficStore store, AppId app) =>
        [.. (await store.Read(app, Reports.Start.Shift(-9), Reports.Start.Shift(9), default)).Select(Reports.Text)];
}
