namespace Federation.Cli;

/// <summary>A command cannot go on, and only its user can do something about it. The message is all that they are shown.</summary>
/// <param name="message">What is wrong and what would be right; may have several lines.</param>
/// <param name="cause">The failure beneath, if there was one.</param>
internal class CommandFailure(string message, Exception? cause = null) : Exception(message, cause);
