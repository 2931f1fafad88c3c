using System.Globalization;
using System.Text.RegularExpressions;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Quantities;

/// <summary>Instants (ISO 8601 with a zone), times of day and time zones.</summary>
public static partial class Times
{
    private const string InstantExample = "2026-11-01T00:00Z";

    private static readonly string[] InstantFormats =
        [.. from time in new[] { "HH':'mm", "HH':'mm':'ss", "HH':'mm':'ss.FFFFFFF" }
            from zone in new[] { "'Z'", "zzz" }
            select $"yyyy'-'MM'-'dd'T'{time}{zone}"];

    private static readonly string[] TimeOfDayFormats = ["HH':'mm", "HH':'mm':'ss", "HH':'mm':'ss.FFFFFFF"];

    /// <summary>An instant, as UTC.</summary>
    public static ScalarType<DateTimeOffset> Instant { get; } = new(text =>
        DateTimeOffset.TryParseExact(text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? Reading.Of(time.ToUniversalTime())
            : Reading.No<DateTimeOffset>(
                WithoutZone().IsMatch(text) ? "has no time zone"
                : TimeForms.IsDuration(text) ? "is a duration, no point in time"
                : TimeForms.IsTimeOfDay(text) ? "is a time of day, without a date"
                : "is no time",
                $"write ISO 8601 with a zone, such as {InstantExample}"));

    /// <summary>A time of day, without a zone.</summary>
    public static ScalarType<TimeOnly> TimeOfDay { get; } = new(text =>
        TimeOnly.TryParseExact(text, TimeOfDayFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? Reading.Of(time)
            : Reading.No<TimeOnly>(
                TimeForms.IsDate(text) ? "is a date, no time of day" : TimeForms.IsDuration(text) ? "is a duration, no time of day" : "is no time of day",
                "write hours and minutes, \"00:00\" to \"23:59\""));

    /// <summary>An IANA time zone.</summary>
    public static ScalarType<TimeZoneInfo> Zone { get; } = new(text =>
        ZoneName().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone)
            ? Reading.Of(zone)
            : Reading.No<TimeZoneInfo>("is no known time zone",
                $"write an IANA name, such as {Nearest.Near(text, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id)) ?? "Europe/Paris"}"));

    /// <summary>An instant that <see cref="Instant"/> reads back.</summary>
    public static string Write(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy'-'MM'-'dd'T'HH':'mm':'ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time of day that <see cref="TimeOfDay"/> reads back.</summary>
    public static string Write(TimeOnly time) =>
        time.ToString(time.Ticks % TimeSpan.TicksPerMinute == 0 ? "HH':'mm" : "HH':'mm':'ss.FFFFFFF", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex WithoutZone();

    [GeneratedRegex(@"^[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
