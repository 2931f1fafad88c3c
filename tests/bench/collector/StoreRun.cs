using System.Diagnostics;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Storage.Sqlite;
using Federation.Testing;

namespace Federation.Collector.Bench;

/// <summary>The stores alone: windows appended and acknowledged, durable, a batch a transaction.</summary>
internal static class StoreRun
{
    private static readonly Window Newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
    private static long sequence;

    public static async Task Run()
    {
        var folder = Directory.CreateTempSubdirectory("federation-bench-");
        await using (var sqlite = new SqliteDatabase(Path.Combine(folder.FullName, "federation.db")))
        {
            await Measure("SQLite", sqlite);
        }

        folder.Delete(recursive: true);
        await using var cluster = await PostgresCluster.Start();
        await using var postgres = new PostgresDatabase(await cluster.CreateDatabase("federation"));
        await Measure("PostgreSQL", postgres);
    }

    private static async Task Measure(string name, FederationDatabase database)
    {
        DatabaseSchema.Apply(database);
        var window = 0;
        foreach (var (size, writers) in ((int, int)[])[(500, 1), (20, 1), (20, 1), (20, 8), (500, 1), (500, 4)])
        {
            var batches = Enumerable.Range(0, 10_000 / size).Select(_ => Batch(size, ref window)).ToArray();
            var began = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(batches, new ParallelOptions { MaxDegreeOfParallelism = writers }, async (batch, cancel) =>
                await database.Traffic.Append(batch, cancel));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Figures.Print(Figures.Line($"{name}: {size} a batch, {writers} at once: {10_000 / seconds:0} windows/s (20 peers each)"));
        }
    }

    private static SubmittedReport[] Batch(int size, ref int window)
    {
        var batch = new SubmittedReport[size];
        for (var i = 0; i < size; i++, window++)
        {
            batch[i] = new(
                AppId.Parse("app0"),
                new ReportOrigin("host-0", new Guid(1, 0, 0, new byte[8]), ++sequence),
                Load.Report(0, window % Load.VmsEach, Newest.Shift(-(window / Load.VmsEach))));
        }

        return batch;
    }
}
