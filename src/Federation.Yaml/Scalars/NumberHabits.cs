using System.Globalization;
using System.Text.RegularExpressions;

namespace Federation.Yaml.Scalars;

/// <summary>Numbers as they are written elsewhere: with a decimal comma, with thousands set apart, as a percentage.</summary>
internal static partial class NumberHabits
{
    /// <summary>What is wrong with a text that is no whole number: where its thousands are set apart, how it is written here.</summary>
    public static Reading<T> ExplainWhole<T>(string text, Reading<T> otherwise) => Thousands().IsMatch(text)
        ? Reading.No<T>("has its thousands set apart", $"write {Joined(text)}")
        : otherwise;

    /// <summary>What is wrong with a text that is no number: where it is one elsewhere, how it is written here.</summary>
    /// <param name="text">The text.</param>
    /// <param name="otherwise">What is said of any other text.</param>
    /// <param name="unit">What stands behind the number, and behind the one that would be right.</param>
    public static Reading<T> Explain<T>(string text, Reading<T> otherwise, string unit = "")
    {
        if (DecimalComma().IsMatch(text))
        {
            // Three digits behind one comma can be either.
            var whole = Thousands().IsMatch(text) ? $", or {Joined(text)}{unit} if thousands are set apart" : "";
            return Reading.No<T>("has a comma", $"use a decimal point: {text.Replace(',', '.')}{unit}{whole}");
        }

        if (Thousands().IsMatch(text))
        {
            return Reading.No<T>("has its thousands set apart", $"write {Joined(text)}{unit}");
        }

        return Percentage().Match(text) is { Success: true } percent && ShareOf(percent.Groups["number"].Value) is { } share
            ? Reading.No<T>("is a percentage", $"write the share: {share}")
            : otherwise;
    }

    private static string Joined(string text) => string.Concat(text.Where(c => c is '.' or '-' || char.IsAsciiDigit(c)));

    // Decimal, so that it is the share that people would write.
    private static string? ShareOf(string percent) => decimal.TryParse(percent.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? (number / 100).ToString("0.############################", CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"^[+-]?[0-9]{1,24},[0-9]{1,24}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}([,' _][0-9]{3}){1,8}(\.[0-9]{1,24})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^(?<number>[+-]?[0-9]{1,20}([.,][0-9]{1,8})?) ?%\z", RegexOptions.CultureInvariant)]
    private static partial Regex Percentage();
}
