using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>The traffic store in PostgreSQL: <c>traffic_window</c> and the view <c>traffic</c>.</summary>
/// <remarks>One row per part of a window, its records packed: see <see cref="PackedRecords"/>.</remarks>
internal sealed class PostgresTrafficStore(PostgresSession session) : ITrafficStore
{
    // Some milliseconds a step, after which locks and log are let go.
    private const int WindowsPerDeletion = 2000;

    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(PostgresDatabase.Folder, "traffic");

    /// <inheritdoc/>
    public async Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel)
    {
        if (reports.Count == 0)
        {
            return [];
        }

        var columns = TrafficColumns.Of(reports, cancel);
        return await session.Run(
            async connection =>
            {
                await using var command = columns.AddTo(connection.Command(Queries["AppendWindows"]));
                await using var rows = await command.ExecuteReaderAsync(cancel);
                return await columns.Outcomes(rows, cancel);
            },
            cancel);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel) =>
        SensorPart.SumSorted(await ReadParts(application, first, last, cancel));

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel) =>
        session.Run(
            async connection =>
            {
                await using var command = connection.Command(Queries["ReadReports"])
                    .With("application", NpgsqlDbType.Text, application.Key)
                    .With("first", NpgsqlDbType.Bigint, WindowColumn.StartOf(first))
                    .With("last", NpgsqlDbType.Bigint, WindowColumn.StartOf(last));
                await using var rows = await command.ExecuteReaderAsync(cancel);
                return await TrafficColumns.Read(rows, cancel);
            },
            cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorPart>> ReadParts(
        AppId application, VmId vm, Window first, Window last, CancellationToken cancel) =>
        session.Run(
            async connection =>
            {
                await using var command = connection.Command(Queries["ReadReportsOfVm"])
                    .With("application", NpgsqlDbType.Text, application.Key)
                    .With("starts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, WindowColumn.StartsOf(first, last))
                    .With("vm", NpgsqlDbType.Text, vm.Value);
                await using var rows = await command.ExecuteReaderAsync(cancel);
                return await TrafficColumns.Read(rows, cancel);
            },
            cancel);

    /// <inheritdoc/>
    public Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var command = connection.Command(Queries["LatestWindow"])
                .With("application", NpgsqlDbType.Text, application.Key)
                .With("last", NpgsqlDbType.Bigint, WindowColumn.LastStartOf(notAfter));
            return await command.ExecuteScalarAsync(cancel) is long start ? WindowColumn.WindowAt(start) : (Window?)null;
        },
        cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var command = connection.Command(Queries["ReportedWindows"])
                .With("application", NpgsqlDbType.Text, application.Key)
                .With("starts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, WindowColumn.StartsOf(first, last));
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var windows = ImmutableArray.CreateBuilder<Window>();
            while (await rows.ReadAsync(cancel))
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

    private Task<int> DeleteSome(AppId application, Window oldestKept, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var command = connection.Command(Queries["DeleteBefore"])
                .With("application", NpgsqlDbType.Text, application.Key)
                .With("oldest_kept", NpgsqlDbType.Bigint, WindowColumn.StartOf(oldestKept))
                .With("limit", NpgsqlDbType.Integer, WindowsPerDeletion);
            return await command.ExecuteNonQueryAsync(cancel);
        },
        cancel);
}
