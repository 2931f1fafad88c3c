using System.Data.Common;
using System.Globalization;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Storage;

/// <summary>A row of the table <c>event</c>, whose columns are the same in every dialect: sequence, at, kind, application, site, text, detail.</summary>
internal static class EventRow
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>An instant as the column <c>at</c> holds it: UTC, which sorts as text.</summary>
    public static string TextOf(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>The instant that such a text is of; null: it is no such text.</summary>
    public static DateTimeOffset? TryTimeOf(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    /// <summary>The event of the row that a reader is at.</summary>
    public static LoggedEvent Read(DbDataReader rows) => new(
        rows.GetInt64(0),
        new FederationEvent(
            new EventKind(rows.GetString(2)),
            Text(rows, 3) is { } application ? AppId.Parse(application) : null,
            Text(rows, 4) is { } site ? new SiteId(site) : null,
            rows.GetString(5),
            TryTimeOf(rows.GetString(1)) ?? throw new FormatException($"event {rows.GetInt64(0)} is of no time"),
            Text(rows, 6)));

    private static string? Text(DbDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}

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

/// <summary>A window as its column holds it: seconds since 1970.</summary>
internal static class WindowColumn
{
    /// <summary>What to write.</summary>
    public static long StartOf(Window window) => window.Start.ToUnixTimeSeconds();

    /// <summary>What the newest that counts is compared by; null: all count.</summary>
    public static long LastStartOf(Window? notAfter) => notAfter is { } last ? StartOf(last) : long.MaxValue;

    /// <summary>Every window of a range, both ends included.</summary>
    public static long[] StartsOf(Window first, Window last) =>
        [.. Window.Ending(last, Math.Max(0, last.WindowsSince(first) + 1)).Select(StartOf)];

    /// <summary>What was written.</summary>
    public static Window WindowAt(long start) => Window.Containing(DateTimeOffset.FromUnixTimeSeconds(start));
}
