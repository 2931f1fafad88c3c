using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>The traffic store in a SQLite file: <c>traffic_window</c>, <c>traffic_record</c> and the view <c>traffic</c>.</summary>
/// <param name="connectionString">From <see cref="SqliteDatabase"/>; the schema must have been applied.</param>
internal sealed class SqliteTrafficStore(string connectionString) : ITrafficStore, IAsyncDisposable
{
    // Some tens of milliseconds a step, during which appends wait.
    private const int WindowsPerDeletion = 500;

    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(SqliteDatabase.Folder, "traffic");
    private readonly SqliteSession session = new(connectionString);

    /// <inheritdoc/>
    public Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel) =>
        session.Write(
            transaction =>
            {
                using var append = new TrafficAppend(transaction, Queries);
                var outcomes = ImmutableArray.CreateBuilder<AppendOutcome>(reports.Count);
                foreach (var report in reports)
                {
                    cancel.ThrowIfCancellationRequested();
                    outcomes.Add(append.Append(report));
                }

                return outcomes.MoveToImmutable();
            },
            cancel);

    /// <inheritdoc/>
    public async Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel) =>
        SensorPart.SumSorted(await ReadParts(application, first, last, cancel));

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel) =>
        Read(
            connection => connection.Command(Queries["ReadReports"], "@application", "@first", "@last")
                .With(application.Key, WindowColumn.StartOf(first), WindowColumn.StartOf(last)),
            cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(
        AppId application, VmId vm, Window first, Window last, CancellationToken cancel) =>
        Read(
            connection => connection.Command(Queries["ReadReportsOfVm"], "@application", "@starts", "@vm")
                .With(application.Key, ListOf(first, last), vm.Value),
            cancel);

    /// <inheritdoc/>
    public Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel) =>
        session.Read(
            connection =>
            {
                using var command = connection.Command(Queries["LatestWindow"], "@application", "@last")
                    .With(application.Key, WindowColumn.LastStartOf(notAfter));
                return command.ExecuteScalar() is long start ? WindowColumn.WindowAt(start) : (Window?)null;
            },
            cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel) =>
        session.Read(
            connection =>
            {
                using var command = connection.Command(Queries["ReportedWindows"], "@application", "@starts")
                    .With(application.Key, ListOf(first, last));
                using var rows = command.ExecuteReader();
                var windows = ImmutableArray.CreateBuilder<Window>();
                while (rows.Read())
                {
                    windows.Add(WindowColumn.WindowAt(rows.GetInt64(0)));
                }

                return windows.ToImmutable();
            },
            cancel);

    /// <inheritdoc/>
    public async Task<int> DeleteBefore(AppId application, Window oldestKept, CancellationToken cancel)
    {
        var total = 0;
        while (true)
        {
            var deleted = await DeleteSome(application, oldestKept, cancel);
            total += deleted;
            if (deleted < WindowsPerDeletion)
            {
                return total;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private Task<ImmutableArray<SensorPart>> Read(Func<SqliteConnection, SqliteCommand> query, CancellationToken cancel) =>
        session.Read(
            connection =>
            {
                using var command = query(connection);
                using var rows = command.ExecuteReader();
                return TrafficRows.Read(rows, cancel);
            },
            cancel);

    // As json_each takes it.
    private static string ListOf(Window first, Window last) => $"[{string.Join(',', WindowColumn.StartsOf(first, last))}]";

    private Task<int> DeleteSome(AppId application, Window oldestKept, CancellationToken cancel) =>
        session.Write(
            transaction =>
            {
                using var command = transaction
                    .Command(Queries["DeleteBefore"], "@application", "@oldest_kept", "@limit")
                    .With(application.Key, WindowColumn.StartOf(oldestKept), WindowsPerDeletion);
                return command.ExecuteNonQuery();
            },
            cancel);
}
