namespace Federation.Sensor.Captures;

/// <summary>How the reading of a capture ended.</summary>
/// <param name="Frames">Frames that were read.</param>
/// <param name="LastFrame">The time stamp of the last frame that was read, null without frames.</param>
/// <param name="Truncated">Why the rest of the file could not be read, fit to show to a user; null if there is no rest.</param>
public sealed record CaptureEnd(long Frames, DateTimeOffset? LastFrame, string? Truncated);
