using Federation.Sensor.Spool;

namespace Federation.Scenarios.Networks;

/// <summary>The state folder of one agent, which goes when this does.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-state-");
    private readonly FolderLock held;

    public StateFolder() => held = ((LockOutcome.Taken)FolderLock.Take(folder.FullName, "test")).Lock;

    /// <summary>Its files, for one of the agent's parts.</summary>
    public FolderFiles Files() => new(held);

    /// <summary>The path of a file or folder in it.</summary>
    public string In(string name) => Path.Combine(folder.FullName, name);

    public void Dispose()
    {
        held.Dispose();
        folder.Delete(recursive: true);
    }
}
