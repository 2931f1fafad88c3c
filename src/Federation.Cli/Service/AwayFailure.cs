namespace Federation.Cli.Service;

/// <summary>A server is not there, or not there yet: another one of the same service may answer.</summary>
/// <param name="message">What is said if none does.</param>
/// <param name="passes">Whether it said itself that it will be able to answer in a second or so.</param>
/// <param name="cause">The failure beneath, if there was one.</param>
internal sealed class AwayFailure(string message, bool passes, Exception? cause = null) : CommandFailure(message, cause)
{
    /// <summary>Whether it said itself that it will be able to answer in a second or so.</summary>
    public bool Passes { get; } = passes;
}
