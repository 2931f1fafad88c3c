using System.Globalization;
using Federation.Api;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Output;

/// <summary>Figures and names as people read them in a table.</summary>
internal static class Cells
{
    // So many names are in a sentence.
    private const int MostNamed = 5;

    private const double Step = 1000;
    private static readonly string[] SizeUnits = ["B", "kB", "MB", "GB", "TB", "PB"];

    /// <summary>Bytes in the largest decimal unit of which there is at least one, to 4 digits.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        for (; Math.Abs(bytes) >= Step && unit < SizeUnits.Length - 1; unit++)
        {
            bytes /= Step;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.###} {SizeUnits[unit]}");
    }

    /// <summary>A figure to at most so many digits after the point.</summary>
    public static string Number(double value, int digits = 4) =>
        Math.Round(value, digits).ToString("0." + new string('#', digits), CultureInfo.InvariantCulture);

    /// <summary>A share as per cent.</summary>
    public static string Percent(double share) => Number(share * 100, 1) + " %";

    /// <summary>Seconds as <c>2 h 5 min</c>, <c>14.2 s</c>, <c>300 ms</c>.</summary>
    public static string Seconds(double seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.MaxValue.TotalSeconds / 2));
        return seconds switch
        {
            < 1 => $"{Number(seconds * 1000, 0)} ms",
            < 120 => $"{Number(seconds, 1)} s",
            < 7200 => $"{(int)span.TotalMinutes} min {span.Seconds} s",
            _ => $"{(int)span.TotalHours} h {span.Minutes} min",
        };
    }

    /// <summary>An instant to the second, UTC.</summary>
    public static string Instant(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";

    /// <summary>A site and an offer.</summary>
    public static string Place(PlanDocument.Place? place) => place is null ? "" : $"{place.Site}/{place.Offer}";

    /// <summary>The first few of many names, and how many more there are.</summary>
    public static string Some(IReadOnlyCollection<string> names) => Nearest.Listed(names, MostNamed);

    /// <summary>The text without control characters: what a service sends must not steer the terminal.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
