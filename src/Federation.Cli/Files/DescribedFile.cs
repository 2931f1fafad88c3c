using System.Collections.Immutable;
using Federation.Api;
using Federation.Cli.Output;
using Federation.Domain;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>A sound file of a user's with what it describes.</summary>
/// <param name="Model">What it describes.</param>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Text">All of it.</param>
/// <typeparam name="T">A site or an application.</typeparam>
internal sealed record DescribedFile<T>(T Model, string Name, string Text)
{
    /// <summary>Says what the service found odd about it, each at its line.</summary>
    public void Tell(WarningDocument[]? warnings, TextWriter error) =>
        Tell((warnings ?? []).Select(warning => new Warning(warning.Key, warning.Value, warning.Problem, warning.Remedy)), error);

    /// <summary>Says what is odd about it, each at its line.</summary>
    public void Tell(IEnumerable<Warning> warnings, TextWriter error)
    {
        foreach (var warning in Located(warnings))
        {
            error.WriteLine(Cells.Plain(warning.Warning.At(Name, warning.Line)));
        }
    }

    /// <summary>Warnings with the lines of their keys; 0: there is none.</summary>
    public ImmutableArray<(Warning Warning, int Line)> Located(IEnumerable<Warning> warnings)
    {
        var lines = new Lazy<KeyLines>(() => KeyLines.Of(Text, Limits.Files.ApplicationBytes));
        return [.. warnings.Select(warning => (warning, lines.Value.LineOf(warning.Key)))];
    }
}

/// <summary>Sees that no two of several files describe the same.</summary>
/// <param name="key">The key that names what a file describes.</param>
internal sealed class DescribedOnce(string key)
{
    private readonly Dictionary<string, string> owners = [];

    /// <summary>The fault of a file that describes what an earlier one does; null: none does.</summary>
    /// <param name="name">What it describes.</param>
    /// <param name="file">The file.</param>
    /// <param name="text">All of it.</param>
    public Fault? Check(string name, string file, string text) => owners.TryAdd(name, file) ? null
        : new(file, KeyLines.Of(text, Limits.Files.ApplicationBytes).LineOf(key), key, name, $"is described by {owners[name]} already", "give one file for each");
}
