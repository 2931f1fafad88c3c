using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Storage.Tests.Databases;
using Shouldly;
using Xunit;

namespace Federation.Storage.Tests.Traffic;

/// <summary>Both stores against the same oracle.</summary>
public sealed class TrafficStoreProperties
{
    private static readonly AppId[] Apps = [AppId.Parse("astro/cg.1"), AppId.Parse("astro/ft.1"), AppId.Parse("astro/unknown.1")];

    [Theory]
    [InlineData(Kind.Sqlite)]
    [InlineData(Kind.Postgres)]
    public async Task Whatever_is_appended_and_deleted_it_answers_as_the_oracle_does(Kind kind)
    {
        await using var database = await TestDatabase.WithSchema(kind);
        await using var opened = database.Open();
        var store = opened.Traffic;
        await Gen.Select(Reports.Any.Array[0, 12].Array[1, 5], Gen.Int[-3, 3]).SampleAsync(
            async (batches, oldestKept) =>
            {
                database.Execute("DELETE FROM traffic_window");
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
            iter: 150,
            threads: 1);
    }

    [Theory]
    [InlineData(Kind.Sqlite)]
    [InlineData(Kind.Postgres)]
    public async Task A_batch_that_is_sent_again_changes_nothing(Kind kind)
    {
        await using var database = await TestDatabase.WithSchema(kind);
        await using var opened = database.Open();
        var store = opened.Traffic;
        await Reports.Any.Array[1, 12].SampleAsync(
            async batch =>
            {
                await store.Append(batch, default);
                var before = await Everything(store, Reports.App);

                (await store.Append(batch, default)).ShouldAllBe(outcome => outcome == AppendOutcome.Duplicate);

                (await Everything(store, Reports.App)).ShouldBe(before);
            },
            iter: 50,
            threads: 1);
    }

    private static async Task ShouldAgree(ITrafficStore store, InMemoryTrafficStore oracle)
    {
        var (first, last) = (Reports.Start.Shift(-1), Reports.Start.Shift(2));
        foreach (var app in Apps)
        {
            (await store.LatestWindow(app, null, default)).ShouldBe(oracle.Latest(app, null));
            (await store.LatestWindow(app, last, default)).ShouldBe(oracle.Latest(app, last));
            (await store.ReportedWindows(app, first, last, default)).ShouldBe(oracle.Read(app, first, last).Select(report => report.Window).Distinct());
            (await store.Read(app, first, last, default)).Select(Reports.Text)
                .ShouldBe(oracle.Read(app, first, last).Select(Reports.Text));
            var vm = new VmId("vm10");
            (await store.ReadParts(app, vm, first, last, default)).Select(PartText)
                .ShouldBe(oracle.ReadParts(app, vm, first, last).Select(PartText));
            (await store.ReadParts(app, first, last, default)).Select(PartText)
                .ShouldBe(oracle.ReadParts(app, first, last).Select(PartText));
        }
    }

    private static string PartText(SensorPart part) => $"{part.Sensor} {Reports.Text(part.Report)}";

    private static async Task<List<string>> Everything(ITrafficStore store, AppId app) =>
        [.. (await store.Read(app, Reports.Start.Shift(-9), Reports.Start.Shift(9), default)).Select(Reports.Text)];
}
