using Federation.Domain;
using Federation.Yaml.Scalars;

namespace Federation.Yaml.Quantities;

/// <summary>Durations: <c>30s</c>, <c>0.1ms</c>, <c>90m</c>, <c>2h</c>, <c>1d</c>.</summary>
public static class Durations
{
    private const long NanosecondsPerTick = 100;

    private static readonly DecimalUnits Seconds = new(("ns", -9), ("us", -6), ("ms", -3), ("s", 0));

    /// <summary>The units, in nanoseconds.</summary>
    public static UnitTable Units { get; } = new("a duration", "30s", new("ns", 1), new("us", 1_000), new("ms", 1_000_000),
        new("s", 1_000_000_000), new("m", 60_000_000_000), new("h", 3_600_000_000_000), new("d", 86_400_000_000_000));

    /// <summary>Zero or more, to 100 ns.</summary>
    public static ScalarType<TimeSpan> Span { get; } = new(text => Read(text, bareZero: false).Then(ToSpan));

    /// <summary>More than zero, to 100 ns.</summary>
    public static ScalarType<TimeSpan> PositiveSpan { get; } =
        Span.That(span => span > TimeSpan.Zero, "is not more than zero", "write a duration such as 2h");

    /// <summary>One way, in seconds; zero or more, a bare 0 being plain enough.</summary>
    public static ScalarType<double> Latency { get; } = new(text => Read(text, bareZero: true).Then(ToSeconds));

    /// <summary>The shortest way to write a span that <see cref="Span"/> reads back.</summary>
    public static string Write(TimeSpan span) => Units.WriteWhole((Int128)span.Ticks * NanosecondsPerTick, "0s");

    /// <summary>A way to write seconds that <see cref="Latency"/> reads back.</summary>
    public static string Write(double seconds) => Seconds.Write(seconds, "0s");

    private static Reading<ExactNumber> Read(string text, bool bareZero) =>
        TimeForms.IsDate(text) ? Reading.No<ExactNumber>("is a date", "write how long it lasts, such as 2h or 30d")
        : TimeForms.IsTimeOfDay(text) ? Reading.No<ExactNumber>("is a time of day", "write how long it lasts, such as 90m or 2h")
        : TimeForms.IsIsoDuration(text) ? Reading.No<ExactNumber>("is a duration of ISO 8601", "write a number and a unit, such as 90m, 2h or 30d")
        : Units.Read(text, bareZero);

    private static Reading<TimeSpan> ToSpan(ExactNumber nanoseconds)
    {
        if (!nanoseconds.TryToWhole(out var whole) || !(whole % NanosecondsPerTick).IsZero)
        {
            return Reading.No<TimeSpan>("is finer than 100ns", "write a duration such as 30s");
        }

        return whole / NanosecondsPerTick <= Limits.Time.LongestDays * TimeSpan.TicksPerDay
            ? Reading.Of(TimeSpan.FromTicks((long)(whole / NanosecondsPerTick)))
            : Reading.No<TimeSpan>($"is too long: more than {Limits.Time.LongestDays}d", "write a duration such as 2h");
    }

    private static Reading<double> ToSeconds(ExactNumber nanoseconds) =>
        nanoseconds.Shifted(-9).ToDouble() is var seconds && seconds <= Limits.Number.LatencySeconds
            ? Reading.Of(seconds)
            : Reading.No<double>($"is too long: more than {Limits.Number.LatencySeconds}s", "write a latency such as 12ms");
}
