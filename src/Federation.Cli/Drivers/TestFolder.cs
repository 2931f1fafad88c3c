namespace Federation.Cli.Drivers;

/// <summary>Where two hosts keep what they have while a driver is tried: a folder that is named, or one that is gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly bool isOwn;

    /// <summary>With a folder that is made unless it is there.</summary>
    /// <param name="path">Which; null: one of its own.</param>
    /// <exception cref="CommandFailure">It cannot be made.</exception>
    public TestFolder(string? path)
    {
        isOwn = path is null;
        try
        {
            Path = path is null ? Directory.CreateTempSubdirectory("federation-driver-").FullName : Directory.CreateDirectory(path).FullName;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path ?? System.IO.Path.GetTempPath()}: no folder can be made there: {fault.Message}", fault);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isOwn)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
