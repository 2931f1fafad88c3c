using System.Globalization;
using Federation.Domain;

namespace Federation.Yaml.Scalars;

/// <summary>Plain numbers, as they stand in the files without quotes or unit.</summary>
public static class Numbers
{
    private static readonly ScalarType<int> Integer = new ScalarType<int>(
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Reading.Of(number)
            : NumberHabits.ExplainWhole(text, Reading.No<int>("is no whole number", "write one such as 4")),
        isNumber: true).AtMost(Limits.Number.Count);

    private static readonly ScalarType<double> Real = new ScalarType<double>(
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Reading.Of(number)
            : NumberHabits.Explain(text, Reading.No<double>("is no number", "write one such as 1.5")),
        isNumber: true).AtMost(Limits.Number.Real);

    /// <summary>A whole number, at least 1.</summary>
    public static ScalarType<int> Count { get; } = Integer.That(number => number >= 1, "is less than 1", "write 1 or more");

    /// <summary>A whole number, at least 0.</summary>
    public static ScalarType<int> CountOrZero { get; } = Integer.That(number => number >= 0, "is negative", "write 0 or more");

    /// <summary>A number of at least 0.</summary>
    public static ScalarType<double> RealOrZero { get; } = Real.That(number => number >= 0, "is negative", "write 0 or more");

    /// <summary>A number of more than 0.</summary>
    public static ScalarType<double> Positive { get; } =
        Real.That(number => number > 0, "is not more than 0", "write a number such as 1.0");

    /// <summary>A number of at least 1.</summary>
    public static ScalarType<double> AtLeastOne { get; } = Real.That(number => number >= 1, "is less than 1", "write 1 or more");

    /// <summary>A share, [0, 1).</summary>
    public static ScalarType<double> Share { get; } =
        Real.That(number => number is >= 0 and < 1, "is not in [0, 1)", "write a share such as 0.05");

    /// <summary>An amount of money, at least 0.</summary>
    public static ScalarType<decimal> Money { get; } = new ScalarType<decimal>(
        text => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? Reading.Of(number)
            : NumberHabits.Explain(text, Reading.No<decimal>("is no amount of money", "write a number such as 0.21")),
        isNumber: true).That(number => number >= 0, "is negative", "write 0 or more").AtMost(Limits.Number.Money);

    /// <summary>The same, but no more than that.</summary>
    public static ScalarType<T> AtMost<T>(this ScalarType<T> type, T most)
        where T : struct, IComparable<T>, IFormattable
    {
        var bound = most.ToString(null, CultureInfo.InvariantCulture);
        return type.That(number => number.CompareTo(most) <= 0, $"is more than {bound}", $"write {bound} or less");
    }

    /// <summary>The same, but no less than that.</summary>
    public static ScalarType<T> AtLeast<T>(this ScalarType<T> type, T least)
        where T : struct, IComparable<T>, IFormattable
    {
        var bound = least.ToString(null, CultureInfo.InvariantCulture);
        return type.That(number => number.CompareTo(least) >= 0, $"is less than {bound}", $"write {bound} or more");
    }
}
