using System.Text.RegularExpressions;

namespace Federation.Yaml.Quantities;

/// <summary>Tells what a text about time looks like, so that one that stands in the wrong place is called by its name.</summary>
internal static partial class TimeForms
{
    /// <summary>A date, with or without a time behind it: 2026-11-01, 1.11.2026, 11/1/2026.</summary>
    public static bool IsDate(string text) => Date().IsMatch(text);

    /// <summary>A time of day: 20:00.</summary>
    public static bool IsTimeOfDay(string text) => TimeOfDay().IsMatch(text);

    /// <summary>A duration, as it is written here (2h) or in ISO 8601 (PT2H).</summary>
    public static bool IsDuration(string text) => Duration().IsMatch(text) || IsIsoDuration(text);

    /// <summary>A duration of ISO 8601.</summary>
    public static bool IsIsoDuration(string text) => IsoDuration().IsMatch(text);

    [GeneratedRegex(@"^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4})([T ].*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Date();

    [GeneratedRegex(@"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)? ?(ns|us|ms|s|m|h|d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^P(?=[0-9T])([0-9]+[YMWD])*(T([0-9]+(\.[0-9]+)?[HMS])+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex IsoDuration();
}
