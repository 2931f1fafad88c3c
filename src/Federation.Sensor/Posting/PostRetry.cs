namespace Federation.Sensor.Posting;

/// <summary>A request that failed and is about to be sent again.</summary>
/// <param name="Attempt">The attempt that failed, from 1.</param>
/// <param name="Delay">How long until the next one.</param>
/// <param name="Reason">Why it failed, fit to show to a user.</param>
public readonly record struct PostRetry(int Attempt, TimeSpan Delay, string Reason);
