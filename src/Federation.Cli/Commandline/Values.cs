using System.CommandLine;
using System.CommandLine.Parsing;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;

namespace Federation.Cli.Commandline;

/// <summary>Options whose values read as they do in site and application files.</summary>
internal static class Values
{
    /// <summary>A duration of more than zero, such as <c>30s</c>.</summary>
    public static Option<TimeSpan?> Duration(string name, string description) =>
        Read(name, "DURATION", description, Durations.PositiveSpan);

    /// <summary>A duration that may be zero.</summary>
    public static Option<TimeSpan?> Wait(string name, string description) =>
        Read(name, "DURATION", description, Durations.Span);

    /// <summary>An instant: ISO 8601 with a zone.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) =>
        Read(name, "TIME", description, Times.Instant);

    /// <summary>A whole number in a range, both ends in it; at least 1 unless said otherwise.</summary>
    public static Option<int?> Count(string name, string description, int least = 1, int most = int.MaxValue)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Validators.Add(result => Check(
            result, name, result.GetValue(option) is not { } count || (count >= least && count <= most),
            most < int.MaxValue ? $"is not from {least} to {most}" : $"is not at least {least}"));
        return option;
    }

    /// <summary>A number in a range, both ends in it.</summary>
    public static Option<double?> Number(string name, string helpName, string description, double least, double most)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result => Check(
            result, name, result.GetValue(option) is null || (result.GetValue(option) >= least && result.GetValue(option) <= most),
            most < double.MaxValue ? FormattableString.Invariant($"is not from {least} to {most}")
                : FormattableString.Invariant($"is not a number of at least {least}")));
        return option;
    }

    private static Option<T?> Read<T>(string name, string helpName, string description, ScalarType<T> type)
        where T : struct => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var reading = type.Read(result.Tokens[0].Value);
            if (reading.Problem is not null)
            {
                result.AddError($"{name}: '{result.Tokens[0].Value}' {reading.Problem}; {reading.Remedy}");
            }

            return reading.Value;
        },
    };

    private static void Check(OptionResult result, string name, bool holds, string otherwise)
    {
        if (!holds)
        {
            result.AddError($"{name}: '{result.Tokens[0].Value}' {otherwise}");
        }
    }
}
