using System.Collections.Immutable;
using Federation.Yaml;

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

/// <summary>What files of a user's gave, and every fault in them.</summary>
/// <param name="Value">What they say; complete only without faults.</param>
/// <param name="Faults">The faults, in the order in which they were found.</param>
internal readonly record struct Checked<T>(T Value, ImmutableArray<Fault> Faults)
{
    /// <summary>Gives the value if it is sound; otherwise prints every fault.</summary>
    public bool TryGet(TextWriter error, out T value)
    {
        value = Value;
        FaultList.Print(Faults, error);
        return Faults.IsEmpty;
    }
}

/// <summary>Prints faults.</summary>
internal static class FaultList
{
    /// <summary>Prints one line for each fault, then how many there are; nothing if there are none.</summary>
    public static void Print(ImmutableArray<Fault> faults, TextWriter error)
    {
        foreach (var fault in faults)
        {
            error.WriteLine(fault);
        }

        if (!faults.IsEmpty)
        {
            error.WriteLine($"fedctl: {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}; nothing was done");
        }
    }
}
