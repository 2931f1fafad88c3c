using System.Data.Common;
using System.Globalization;
using Federation.Domain.Events;
using Federation.Domain.Identity;

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
            Text(rows, 3) is { } application ? new AppId(application) : null,
            Text(rows, 4) is { } site ? new SiteId(site) : null,
            rows.GetString(5),
            TryTimeOf(rows.GetString(1)) ?? throw new FormatException($"event {rows.GetInt64(0)} is of no time"),
            Text(rows, 6)));

    private static string? Text(DbDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
