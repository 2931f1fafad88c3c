using Federation.Domain.Traffic;

namespace Federation.Storage;

/// <summary>A window as its column holds it: seconds since 1970.</summary>
internal static class WindowColumn
{
    /// <summary>What to write.</summary>
    public static long StartOf(Window window) => window.Start.ToUnixTimeSeconds();

    /// <summary>Every window of a range, both ends included.</summary>
    public static long[] StartsOf(Window first, Window last) =>
        [.. Window.Ending(last, Math.Max(0, last.WindowsSince(first) + 1)).Select(StartOf)];

    /// <summary>What was written.</summary>
    public static Window WindowAt(long start) => Window.Containing(DateTimeOffset.FromUnixTimeSeconds(start));
}
