using System.Globalization;
using Federation.Sensor.Spool;

namespace Federation.Cli.Sensing;

/// <summary>The folder in which a sensor or an agent keeps what has to outlive it.</summary>
internal static class StateFolder
{
    /// <summary>Takes it for this process.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="kind">What takes it: <c>sensor</c> or <c>agent</c>.</param>
    /// <param name="which">Which one it is.</param>
    /// <param name="file">The file that names the folder.</param>
    /// <param name="clock">Tells since when.</param>
    /// <exception cref="CommandFailure">Another one has it.</exception>
    public static FolderLock Take(string folder, string kind, string which, string file, TimeProvider clock)
    {
        var owner = string.Create(
            CultureInfo.InvariantCulture, $"{kind} {which}, process {Environment.ProcessId}, since {clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}");
        return FolderLock.Take(folder, owner) switch
        {
            LockOutcome.Taken taken => taken.Lock,
            LockOutcome.Held { Owner: var other } => throw new CommandFailure(
                $"the state folder {folder} is used by {(other.Length > 0 ? other : $"another {kind}")}, which goes on; "
                + $"stop that one first, or name a folder of its own as 'state' in {file}"),
            _ => throw new InvalidOperationException("a lock is taken or held"),
        };
    }
}
