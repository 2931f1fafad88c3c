using System.Globalization;

namespace Federation.Portal.Components.Parts;

/// <summary>Figures with their units.</summary>
internal static class Figures
{
    /// <summary>Money; small amounts with four digits that count.</summary>
    public static string Money(double amount, string currency) => Math.Abs(amount) is > 0 and < 0.01
        ? string.Create(CultureInfo.InvariantCulture, $"{amount:0.0000##} {currency}")
        : string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {currency}");

    /// <summary>A duration, in the two largest units that it has.</summary>
    public static string Duration(double seconds)
    {
        var span = TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(36500).TotalSeconds));
        return span.TotalDays >= 1 ? $"{(int)span.TotalDays} d {span.Hours} h"
            : span.TotalHours >= 1 ? $"{span.Hours} h {span.Minutes} min"
            : span.TotalMinutes >= 1 ? $"{span.Minutes} min {span.Seconds} s"
            : string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0#} s");
    }

    /// <summary>How many of something, with commas; small means with a digit behind the point.</summary>
    public static string Count(double number) => number.ToString(number is > 0 and < 10 && number % 1 != 0 ? "0.#" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A share of all.</summary>
    public static string Percent(double share) => $"{(share * 100).ToString(share is > 0 and < 0.01 ? "0.###" : "0.#", CultureInfo.InvariantCulture)} %";

    /// <summary>Memory, in powers of 1,024.</summary>
    public static string Memory(double bytes) => bytes >= 1L << 30
        ? $"{(bytes / (1L << 30)).ToString("0.#", CultureInfo.InvariantCulture)} GiB"
        : $"{(bytes / (1L << 20)).ToString("0.#", CultureInfo.InvariantCulture)} MiB";

    /// <summary>Bytes, in powers of 1,000.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e12:0.00} TB"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
    };
}
