namespace Federation.Sensor.Daemon;

/// <summary>How far this host's clock and the service's are apart.</summary>
/// <param name="Offset">By how much the service's is ahead; negative: behind.</param>
/// <param name="Uncertainty">How far that may be wrong: half of how long the answer took.</param>
internal readonly record struct ClockSkew(TimeSpan Offset, TimeSpan Uncertainty)
{
    // A window's boundary is off by as much; what NTP leaves is milliseconds.
    private static readonly TimeSpan Tolerable = TimeSpan.FromSeconds(1);

    /// <summary>Whether one of the clocks is certainly wrong by more than matters.</summary>
    public bool IsWrong => Offset.Duration() - Uncertainty > Tolerable;

    /// <summary>What an answer tells.</summary>
    public static ClockSkew Of(DateTimeOffset asked, DateTimeOffset answered, DateTimeOffset service)
    {
        var half = (answered - asked) / 2;
        return new(service - (asked + half), half);
    }
}
