using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Npgsql;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>A batch of reports column by column, as one statement takes it, and the way back from rows.</summary>
internal sealed class TrafficColumns
{
    private readonly List<SubmittedReport> batch;
    private readonly SubmittedReport[] reports;

    private TrafficColumns(List<SubmittedReport> batch) => (this.batch, reports) = (batch, Sorted(batch));

    /// <summary>Checks and packs a batch.</summary>
    /// <exception cref="ArgumentException">A report breaks the bounds that its type states.</exception>
    public static TrafficColumns Of(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel)
    {
        var taken = new List<SubmittedReport>(reports.Count);
        foreach (var report in reports)
        {
            cancel.ThrowIfCancellationRequested();
            Check(report);
            taken.Add(report);
        }

        return new TrafficColumns(taken);
    }

    /// <summary>Gives the columns to the query <c>AppendWindows</c>.</summary>
    public NpgsqlCommand AddTo(NpgsqlCommand command) => command
        .With("application", ArrayOf(NpgsqlDbType.Text), Each(entry => entry.Application.Key))
        .With("window_start", ArrayOf(NpgsqlDbType.Bigint), Each(entry => WindowColumn.StartOf(entry.Report.Window)))
        .With("vm", ArrayOf(NpgsqlDbType.Text), Each(entry => entry.Report.Vm.Value))
        .With("sensor", ArrayOf(NpgsqlDbType.Text), Each(entry => entry.Origin.Sensor))
        .With("boot", ArrayOf(NpgsqlDbType.Uuid), Each(entry => entry.Origin.Boot))
        .With("sequence", ArrayOf(NpgsqlDbType.Bigint), Each(entry => entry.Origin.Sequence))
        .With("covered_ticks", ArrayOf(NpgsqlDbType.Bigint), Each(entry => entry.Report.Covered.Ticks))
        .With("dropped", ArrayOf(NpgsqlDbType.Bigint), Each(entry => entry.Report.Dropped))
        .With("merged", ArrayOf(NpgsqlDbType.Integer), Each(entry => entry.Report.Merged))
        .With("records", ArrayOf(NpgsqlDbType.Bytea), Each(entry => PackedRecords.Pack(entry.Report.Records)));

    /// <summary>What became of each report, from the rows that were stored.</summary>
    public async Task<ImmutableArray<AppendOutcome>> Outcomes(NpgsqlDataReader rows, CancellationToken cancel)
    {
        var stored = new HashSet<(string, long, string, string, Guid, long)>(reports.Length);
        while (await rows.ReadAsync(cancel))
        {
            stored.Add((
                rows.GetString(0), rows.GetInt64(1), rows.GetString(2), rows.GetString(3), rows.GetGuid(4), rows.GetInt64(5)));
        }

        return [.. batch.Select(entry => stored.Remove(KeyOf(entry)) ? AppendOutcome.Stored : AppendOutcome.Duplicate)];
    }

    /// <summary>The parts in rows of <c>ReadReports</c>, by window, then by VM, then by sensor, which SQL does not know.</summary>
    public static async Task<ImmutableArray<SensorPart>> Read(NpgsqlDataReader rows, CancellationToken cancel)
    {
        var parts = ImmutableArray.CreateBuilder<SensorPart>();
        while (await rows.ReadAsync(cancel))
        {
            parts.Add(new SensorPart(
                rows.GetString(2),
                new WindowReport(
                    new VmId(rows.GetString(0)),
                    WindowColumn.WindowAt(rows.GetInt64(1)),
                    PackedRecords.Unpack(rows.GetFieldValue<byte[]>(6)),
                    TimeSpan.FromTicks(rows.GetInt64(3)),
                    rows.GetInt64(4),
                    rows.GetInt32(5))));
        }

        parts.Sort(SensorPart.ByWindowThenVm);
        return parts.DrainToImmutable();
    }

    // What SQLite's table checks by itself; the rest of the bounds is in the columns of both.
    private static void Check(SubmittedReport submitted)
    {
        var report = submitted.Report;
        var isWrong = submitted.Origin.Sequence < 1 || report.Dropped < 0 || report.Merged < 1
            || report.Covered <= TimeSpan.Zero || report.Covered > Window.Length
            || report.Records.Any(record => record.Peer.Kind == AddressKind.None || record.Packets < 1 || record.Bytes < 0);
        if (isWrong)
        {
            throw new ArgumentException(
                $"The report of {report.Vm} for {report.Window} cannot be stored: a figure of it is out of its bounds", nameof(submitted));
        }
    }

    private static (string, long, string, string, Guid, long) KeyOf(SubmittedReport entry) => (
        entry.Application.Key, WindowColumn.StartOf(entry.Report.Window), entry.Report.Vm.Value,
        entry.Origin.Sensor, entry.Origin.Boot, entry.Origin.Sequence);

    // Everybody stores in the same order, so that two batches with the same windows wait for each other one way only. Where an origin comes
    // twice, the batch's own order decides which report is the first.
    private static SubmittedReport[] Sorted(List<SubmittedReport> batch) =>
        batch.DistinctBy(entry => entry.Origin).Count() == batch.Count
            ? [.. batch.OrderBy(entry => entry.Application.Key, StringComparer.Ordinal).ThenBy(entry => entry.Report.Window)
                .ThenBy(entry => entry.Report.Vm.Value, StringComparer.Ordinal).ThenBy(entry => entry.Origin.Sensor, StringComparer.Ordinal)]
            : [.. batch];

    private static NpgsqlDbType ArrayOf(NpgsqlDbType type) => NpgsqlDbType.Array | type;

    private T[] Each<T>(Func<SubmittedReport, T> column)
    {
        var values = new T[reports.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(reports[i]);
        }

        return values;
    }
}
