using System.Collections.Immutable;
using Federation.Silo.Settings;

namespace Federation.Silo.Hosting;

/// <summary>The data folder as the service needs it: there, its own, and closed to everybody else.</summary>
internal static class DataFolder
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder and, where the database is embedded, its file; takes from all others what they may do there.</summary>
    /// <remarks>With a database elsewhere the folder may be read-only: then it holds a token that somebody else has put there.</remarks>
    /// <returns>What was open to others and is no more, or cannot be closed: for the log.</returns>
    /// <exception cref="RefusedStartException">It cannot be made or, with an embedded database, written.</exception>
    public static ImmutableArray<string> Prepare(ServiceOptions options, bool isEmbedded)
    {
        try
        {
            Directory.CreateDirectory(options.Data, FolderMode);
            if (isEmbedded)
            {
                Write(Path.Combine(options.Data, ".try"), System.IO.FileMode.Create, FileOptions.DeleteOnClose, "room"u8);
                // SQLite gives its two other files the mode of this one.
                Write(options.EmbeddedDatabase, System.IO.FileMode.OpenOrCreate, FileOptions.None, []);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RefusedStartException(
                $"The data folder '{Path.GetFullPath(options.Data)}' cannot be written ({fault.Message.TrimEnd('.')}): "
                + $"make it writable for user '{Environment.UserName}', or name another one with --Federation:Data=FOLDER.",
                fault);
        }

        return [.. Open(options).Select(found => Close(found.Path, found.Mode)).OfType<string>()];
    }

    private static void Write(string path, System.IO.FileMode mode, FileOptions also, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions
        {
            Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, Options = also, UnixCreateMode = FileMode,
        };
        using var stream = new FileStream(path, options);
        stream.Write(content);
        stream.Flush(flushToDisk: content.Length > 0);
    }

    private static IEnumerable<(string Path, UnixFileMode Mode)> Open(ServiceOptions options)
    {
        yield return (options.Data, FolderMode);
        string[] files = [options.EmbeddedDatabase, $"{options.EmbeddedDatabase}-wal", $"{options.EmbeddedDatabase}-shm", options.TokenFile, options.IssuerKeyFile];
        foreach (var file in files.Where(File.Exists))
        {
            yield return (file, FileMode);
        }
    }

    // Null: nobody else could do anything there.
    private static string? Close(string path, UnixFileMode wanted)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & ~wanted) == 0)
        {
            return null;
        }

        try
        {
            File.SetUnixFileMode(path, mode & wanted);
            return $"{path} was open to others (mode {Octal(mode)}), and is no more (mode {Octal(mode & wanted)})";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"{path} is open to others (mode {Octal(mode)}), which cannot be changed: {fault.Message}";
        }
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
