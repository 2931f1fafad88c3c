using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Commandline;

/// <summary>Options whose values are read by rules; most read as they do in site and application files.</summary>
/// <remarks>A rule is part of the reading and not a validator beside it: a validator that asks for a value that could not be read throws.</remarks>
internal static class Values
{
    /// <summary>A duration of more than zero, such as <c>30s</c>; with a rule, one that it allows.</summary>
    public static Option<TimeSpan?> Duration(string name, string description, ScalarType<TimeSpan>? type = null) =>
        Read(name, "DURATION", description, type ?? Durations.PositiveSpan);

    /// <summary>A duration that may be zero.</summary>
    public static Option<TimeSpan?> Wait(string name, string description) => Read(name, "DURATION", description, Durations.Span);

    /// <summary>An instant: ISO 8601 with a zone.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => Read(name, "TIME", description, Times.Instant);

    /// <summary>A whole number in a range, both ends in it; at least 1 unless said otherwise.</summary>
    public static Option<int?> Count(string name, string description, int least = 1, int most = int.MaxValue) => Read(
        name, "N", description, Within(
            text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            "whole number", least, most, int.MaxValue));

    /// <summary>Any whole number, from which chance comes.</summary>
    public static Option<int?> Seed(string description) => Count("--seed", description, int.MinValue);

    /// <summary>The number of an entry in a log; 0: before the first.</summary>
    public static Option<long?> Position(string name, string description) => Read(
        name, "N", description, Within(
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            "whole number", 0, long.MaxValue, long.MaxValue));

    /// <summary>A number in a range, both ends in it.</summary>
    public static Option<double?> Number(string name, string helpName, string description, double least, double most) => Read(
        name, helpName, description, Within(
            text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null,
            "number", least, most, double.MaxValue));

    /// <summary>Values of one kind, each after the option's name.</summary>
    public static Option<T[]> Many<T>(string name, string helpName, string description, ScalarType<T> type)
        where T : notnull => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value, name, type)).OfType<T>()],
    };

    // A bound that is the type's own goes without saying.
    private static ScalarType<T> Within<T>(Func<string, T?> read, string what, T least, T most, T boundless)
        where T : struct, IComparable<T>, IFormattable
    {
        var bounds = most.Equals(boundless) ? $"of at least {Invariant(least)}" : $"from {Invariant(least)} to {Invariant(most)}";
        return new(text => read(text) is { } number && number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0
            ? Reading.Of(number)
            : Reading.No<T>($"is not a {what} {bounds}", ""));
    }

    private static string Invariant<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);

    private static Option<T?> Read<T>(string name, string helpName, string description, ScalarType<T> type)
        where T : struct => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result => Read(result, name, type),
    };

    private static T? Read<T>(ArgumentResult result, string name, ScalarType<T> type)
        where T : struct
    {
        return Read(result, result.Tokens[0].Value, name, type);
    }

    private static T? Read<T>(ArgumentResult result, string text, string name, ScalarType<T> type)
    {
        var reading = type.Read(text);
        if (reading.Problem is not null)
        {
            result.AddError($"{name}: '{text}' {reading.Problem}{(reading.Remedy is { Length: > 0 } remedy ? $"; {remedy}" : "")}");
        }

        return reading.Value;
    }
}
