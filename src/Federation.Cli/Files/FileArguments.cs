using System.Collections.Immutable;
using System.CommandLine;
using Federation.Cli.Terminals;

namespace Federation.Cli.Files;

/// <summary>A text that a user named.</summary>
/// <param name="Name">What to call it: its path.</param>
/// <param name="Text">All of it.</param>
/// <param name="Folder">Where files are that it names.</param>
internal sealed record InputText(string Name, string Text, string Folder);

/// <summary><c>-f</c>: files, folders and standard input, as many as a user likes.</summary>
internal static class FileArguments
{
    /// <summary>How standard input is named.</summary>
    public const string StandardInput = "-";

    private const string NameOfStandardInput = "stdin";

    /// <summary>The option; at least one has to be given.</summary>
    /// <param name="what">What a file describes: <c>site</c>.</param>
    public static Option<string[]> Option(string what) => new("--file", "-f")
    {
        Description = $"The file of {what}, a folder of such files, or - for standard input; may be given several times",
        HelpName = "FILE|DIR|-",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The text of a file, or of standard input.</summary>
    /// <exception cref="CommandFailure">It cannot be read.</exception>
    public static InputText Read(Terminal terminal, string path) => path == StandardInput
        ? new(NameOfStandardInput, terminal.In.ReadToEnd(), Directory.GetCurrentDirectory())
        : new(path, UserFile.Read(path), Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>The files that a path stands for: itself, or those of a folder (not of its subfolders), by name.</summary>
    /// <exception cref="CommandFailure">A folder has none.</exception>
    public static ImmutableArray<string> Expand(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        ImmutableArray<string> files = [.. Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".yaml" or ".yml").Order(StringComparer.Ordinal)];
        return files.IsEmpty ? throw new CommandFailure($"{path}: holds no .yaml file") : files;
    }

    /// <summary>Sees that standard input is named once at most: it can be read once.</summary>
    /// <exception cref="CommandFailure">It is named again.</exception>
    public static void Check(IEnumerable<string> paths)
    {
        if (paths.Count(path => path == StandardInput) > 1)
        {
            throw new CommandFailure("-f -: standard input can be read once; name it once");
        }
    }
}
