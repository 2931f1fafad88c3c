using System.Data.Common;
using Federation.Domain.Audit;

namespace Federation.Storage;

/// <summary>A row of the table <c>audit</c>, whose columns are the same in every dialect: sequence, at, who, action, target, outcome, detail, hash.</summary>
internal static class AuditRow
{
    private const AuditOutcome NoOutcome = (AuditOutcome)(-1);

    /// <summary>The values of a row, in the order of the columns.</summary>
    public static object[] Values(AuditRecord record) =>
    [
        record.Sequence, EventRow.TextOf(record.Entry.At), record.Entry.Who, record.Entry.Action, record.Entry.Target,
        record.Entry.Outcome.ToString(), record.Entry.Detail, record.Hash,
    ];

    /// <summary>The record of the row that a reader is at. What nobody of us wrote becomes what nobody writes, and so breaks the chain.</summary>
    public static AuditRecord Read(DbDataReader rows) => new(
        rows.GetInt64(0),
        new AuditEntry(
            EventRow.TryTimeOf(rows.GetString(1)) ?? DateTimeOffset.MinValue,
            rows.GetString(2),
            rows.GetString(3),
            rows.GetString(4),
            Enum.TryParse<AuditOutcome>(rows.GetString(5), out var outcome) ? outcome : NoOutcome,
            rows.GetString(6)),
        rows.GetString(7));
}
