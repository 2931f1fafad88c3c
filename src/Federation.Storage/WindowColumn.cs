using Federation.Domain.Traffic;

namespace Federation.Storage;

/// <summary>A window as its column holds it: seconds since 1970.</summary>
internal static class WindowColumn
{
    /// <summary>What to write.</summary>
    public static long StartOf(Window window) => window.Start.ToUnixTimeSeconds();

    /// <summary>What was written.</summary>
    public static Window WindowAt(long start) => Window.Containing(DateTimeOffset.FromUnixTimeSeconds(start));
}
