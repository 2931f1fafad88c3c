using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;

namespace Federation.Sensor.Tests.Counting;

/// <summary>The oracle: counts made frames by going through all of them for each figure.</summary>
public static class SlowCount
{
    public const long WindowMicroseconds = 30_000_000;

    /// <summary>What was sent, by window (counted from 1970) and pair, and what is left out, by reason; one line each, in an order of text.</summary>
    public static string[] Of(IReadOnlyCollection<MadeFrame> frames) =>
        [.. frames
            .Where(frame => frame.Pair is not null)
            .Select(frame => (Window: frame.Microseconds / WindowMicroseconds, frame.Pair))
            .Distinct()
            .Select(key => Line(
                key.Window,
                key.Pair!.Value,
                frames.Count(frame => Matches(frame, key.Window, key.Pair)),
                frames.Where(frame => Matches(frame, key.Window, key.Pair)).Sum(frame => (long)frame.Length)))
            .Concat(frames.Select(frame => frame.LeftOut).OfType<string>().Distinct().Select(reason => Line(
                reason,
                frames.Count(frame => frame.LeftOut == reason),
                frames.Where(frame => frame.LeftOut == reason).Sum(frame => (long)frame.Length))))
            .Order(StringComparer.Ordinal)];

    /// <summary>What the product counted, in the same form.</summary>
    public static string[] Of(CaptureTraffic traffic) =>
        [.. traffic.Windows
            .SelectMany(window => window.Pairs.Select(entry => Line(
                window.Window.Start.ToUnixTimeSeconds() * 1_000_000 / WindowMicroseconds,
                entry.Key,
                entry.Value.Packets,
                entry.Value.Bytes)))
            .Concat(traffic.LeftOut.Select(left => Line(left.Reason, left.Frames.Packets, left.Frames.Bytes)))
            .Order(StringComparer.Ordinal)];

    private static bool Matches(MadeFrame frame, long window, AddressPair? pair) =>
        frame.Microseconds / WindowMicroseconds == window && frame.Pair == pair;

    private static string Line(long window, AddressPair pair, long packets, long bytes) =>
        $"{window} {pair.Source} {pair.Destination} {packets} {bytes}";

    private static string Line(string reason, long packets, long bytes) => $"left out: {reason} {packets} {bytes}";
}
