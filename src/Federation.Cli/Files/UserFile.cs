namespace Federation.Cli.Files;

/// <summary>Reads text files that a user names.</summary>
internal static class UserFile
{
    /// <summary>The largest file that makes sense: some 10^6 rows of traffic.</summary>
    private const long LargestFile = 256 << 20;

    /// <summary>The whole text.</summary>
    /// <exception cref="CommandFailure">It cannot be read; the message says why.</exception>
    public static string Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new CommandFailure($"{path}: is a folder; name a file in it");
        }

        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? throw new CommandFailure($"{path}: there is no such file")
                : file.Length > LargestFile ? throw new CommandFailure($"{path}: is larger than {LargestFile >> 20} MiB")
                : File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path}: cannot be read ({fault.Message})", fault);
        }
    }
}
