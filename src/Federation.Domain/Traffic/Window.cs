using System.Globalization;
using System.Text.Json.Serialization;

namespace Federation.Domain.Traffic;

/// <summary>The atomic period of all traffic figures: 30 s, half-open, starting at hh:mm:00 or hh:mm:30 UTC.</summary>
/// <remarks>In JSON it is the text of its start.</remarks>
[JsonConverter(typeof(WindowJsonConverter))]
public readonly record struct Window : IComparable<Window>
{
    /// <summary>30 s.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    // NTP leaves milliseconds; a sensor that closes a window some seconds before the service does is heard at once.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    private Window(DateTimeOffset start) => Start = start;

    /// <summary>The first instant of the window, UTC.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>The first instant after the window, UTC.</summary>
    public DateTimeOffset End => Start + Length;

    /// <summary>The window before this one.</summary>
    public Window Previous => new(Start - Length);

    /// <summary>The window after this one.</summary>
    public Window Next => new(Start + Length);

    /// <summary>The window that holds an instant.</summary>
    public static Window Containing(DateTimeOffset instant) =>
        new(new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % Length.Ticks), TimeSpan.Zero));

    /// <summary>The last window that has closed by an instant.</summary>
    public static Window LastClosed(DateTimeOffset now) => Containing(now).Previous;

    /// <summary>The newest window that counts at an instant: the last that has closed, give or take what clocks that are kept right are apart.</summary>
    public static Window Newest(DateTimeOffset now) => LastClosed(now + Tolerance);

    /// <summary>Whether it is newer than any that counts at an instant: it waits aside until the clock is there.</summary>
    public bool IsAhead(DateTimeOffset now) => CompareTo(Newest(now)) > 0;

    /// <summary>The window that starts at an instant, if one does.</summary>
    public static bool TryStartingAt(DateTimeOffset start, out Window window)
    {
        window = Containing(start);
        return window.Start == start;
    }

    /// <summary>As many windows as asked for, oldest first, the last being <paramref name="last"/>.</summary>
    public static IEnumerable<Window> Ending(Window last, int count) =>
        Enumerable.Range(0, count).Select(i => last.Shift(i - count + 1));

    /// <summary>The window so many windows later (earlier if negative).</summary>
    public Window Shift(int windows) => new(Start + (Length * windows));

    /// <summary>How many windows later than another this one starts.</summary>
    public int WindowsSince(Window other) => checked((int)((Start - other.Start) / Length));

    /// <inheritdoc/>
    public int CompareTo(Window other) => Start.CompareTo(other.Start);

    /// <summary>The start, as <c>2026-11-23T17:51:00Z</c>.</summary>
    public override string ToString() => Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
