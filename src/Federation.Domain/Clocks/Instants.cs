namespace Federation.Domain.Clocks;

/// <summary>Instants that are so many seconds apart.</summary>
internal static class Instants
{
    /// <summary>The instant so many seconds later, to the nearest tick: of what is known to happen at an instant, counted in seconds from another, none begins a tick too early.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is after the end of time.</exception>
    public static DateTimeOffset After(this DateTimeOffset instant, double seconds) => instant.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
