using System.Collections.Frozen;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>Appends reports within one transaction, by statements that are compiled once.</summary>
internal sealed class TrafficAppend : IDisposable
{
    // SQLITE_CONSTRAINT: https://sqlite.org/rescode.html
    private const int ConstraintViolated = 19;

    private readonly SqliteCommand window;
    private readonly SqliteCommand record;

    public TrafficAppend(SqliteTransaction transaction, FrozenDictionary<string, string> queries)
    {
        window = transaction.Command(
            queries["AppendWindow"],
            "@application", "@vm", "@window_start", "@covered_ticks", "@dropped", "@merged", "@sensor", "@boot", "@sequence");
        record = transaction.Command(
            queries["AppendRecord"], "@window_id", "@peer", "@direction", "@packets", "@bytes");
    }

    /// <summary>Stores a report, unless it is there already.</summary>
    /// <exception cref="ArgumentException">The report breaks the bounds that its type states.</exception>
    public AppendOutcome Append(SubmittedReport submitted)
    {
        try
        {
            if (AppendWindow(submitted) is not { } id)
            {
                return AppendOutcome.Duplicate;
            }

            foreach (var row in submitted.Report.Records)
            {
                AppendRecord(id, row);
            }

            return AppendOutcome.Stored;
        }
        catch (SqliteException fault) when (fault.SqliteErrorCode == ConstraintViolated)
        {
            var (vm, at) = (submitted.Report.Vm, submitted.Report.Window);
            throw new ArgumentException(
                $"The report of {vm} for {at} cannot be stored: {fault.Message}", nameof(submitted), fault);
        }
    }

    public void Dispose()
    {
        window.Dispose();
        record.Dispose();
    }

    private long? AppendWindow(SubmittedReport submitted)
    {
        var ((sensor, boot, sequence), report) = (submitted.Origin, submitted.Report);
        return (long?)window
            .With(
                submitted.Application.Key,
                report.Vm.Value,
                WindowColumn.StartOf(report.Window),
                report.Covered.Ticks,
                report.Dropped,
                report.Merged,
                sensor,
                boot.ToString(),
                sequence)
            .ExecuteScalar();
    }

    private void AppendRecord(long id, TrafficRecord row)
    {
        if (row.Peer.Kind == AddressKind.None)
        {
            throw new ArgumentException("A traffic record has no peer address", nameof(row));
        }

        record.With(id, row.Peer.ToString(), (long)row.Direction, row.Packets, row.Bytes).ExecuteNonQuery();
    }
}
