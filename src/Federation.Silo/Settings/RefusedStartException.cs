namespace Federation.Silo.Settings;

/// <summary>The service cannot start with what it was given; the message, one sentence, names the thing, its value and what to do.</summary>
/// <param name="message">All that is shown.</param>
/// <param name="cause">The failure beneath, if there was one.</param>
public sealed class RefusedStartException(string message, Exception? cause = null) : Exception(message, cause);
