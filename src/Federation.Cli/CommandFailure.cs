namespace Federation.Cli;

/// <summary>A command cannot go on, and only its user can do something about it. The message is all that they are shown.</summary>
/// <param name="message">What is wrong and what would be right; may have several lines.</param>
/// <param name="cause">The failure beneath, if there was one.</param>
internal class CommandFailure(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>What the program says to the script that called it.</summary>
internal static class ExitCode
{
    /// <summary>Done; for a plan: nothing has to change.</summary>
    public const int Done = 0;

    /// <summary>It did not work; the message is on the error stream.</summary>
    public const int Error = 1;

    /// <summary>A plan that places or moves VMs: changes are pending.</summary>
    public const int Pending = 2;

    /// <summary>A plan that found no placement.</summary>
    public const int Infeasible = 3;
}
