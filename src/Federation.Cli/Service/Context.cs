using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Service;

/// <summary>One service that the context file remembers, so that it need not be typed. Files are relative to the context file.</summary>
/// <param name="Server">The service's address, or several with commas.</param>
/// <param name="Token">The bearer token itself.</param>
/// <param name="TokenFile">A file that holds the token.</param>
internal sealed record Context(string? Server, string? Token, string? TokenFile)
{
    /// <summary>The certificate (PEM) of the authority whose silos are trusted; null: as the machine trusts.</summary>
    public string? Authority { get; init; }

    /// <summary>The certificate (PEM) that is shown to the service; null: none is.</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key; null: in the same file.</summary>
    public string? Key { get; init; }

    /// <summary>Remembers nothing.</summary>
    public static Context Empty { get; } = new(null, null, null);
}

/// <summary>The context file: services by name, and which of them is meant when nothing else says so.</summary>
/// <param name="Current">The name of that one; null: none is.</param>
/// <param name="Contexts">All, by name. Compared by reference.</param>
internal sealed record ContextFile(string? Current, ImmutableSortedDictionary<string, Context> Contexts)
{
    /// <summary>What a context is called that nobody has named.</summary>
    public const string Unnamed = "default";

    /// <summary>Only its owner may read the file.</summary>
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions WithoutNulls = new(DomainJson.Indented)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Remembers nothing.</summary>
    public static ContextFile Empty { get; } = new(null, ImmutableSortedDictionary.Create<string, Context>(StringComparer.Ordinal));

    /// <summary>Where the file is: $FEDCTL_CONTEXT, or fedctl/context.json in the user's configuration folder.</summary>
    public static string PathFor(Terminal terminal)
    {
        if (terminal.Environment("FEDCTL_CONTEXT") is { Length: > 0 } path)
        {
            return Path.GetFullPath(path);
        }

        var folder = terminal.Environment("XDG_CONFIG_HOME") is { Length: > 0 } configured
            ? configured
            : Path.Combine(terminal.Environment("HOME") ?? "", ".config");
        return Path.GetFullPath(Path.Combine(folder, "fedctl", "context.json"));
    }

    /// <summary>Reads the file; <see cref="Empty"/> if there is none. One of before contexts had names is a single context.</summary>
    /// <exception cref="CommandFailure">There is one, and it cannot be read.</exception>
    public static ContextFile Read(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return Empty;
            }

            var document = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path));
            return document.TryGetProperty("contexts", out var contexts)
                ? Of(document, contexts.Deserialize<Dictionary<string, Context>>(DomainJson.Options) ?? [])
                : Empty.With(Unnamed, document.Deserialize<Context>(DomainJson.Options) ?? Context.Empty);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new CommandFailure(
                $"{path}: is no context file ({fault.Message}); take it away, then use "
                + "'fedctl context set --server URL --token-file FILE'",
                fault);
        }
    }

    /// <summary>The context of a name, or the current one; empty if none is current.</summary>
    /// <exception cref="CommandFailure">There is none of that name.</exception>
    public Context Of(string? name) =>
        name is null ? Current is { } current && Contexts.TryGetValue(current, out var found) ? found : Context.Empty
        : Contexts.TryGetValue(name, out var named) ? named
        : throw new CommandFailure(
            $"there is no context '{name}'; {(Contexts.IsEmpty ? $"'fedctl context set {name} --server URL' makes it" : $"there are {string.Join(", ", Contexts.Keys)}")}");

    /// <summary>With one more context, or another one of that name; the first one is current.</summary>
    public ContextFile With(string name, Context context) => new(Current ?? name, Contexts.SetItem(name, context));

    /// <summary>Without a context; where it was the current one, none is.</summary>
    public ContextFile Without(string name) => new(Current == name ? null : Current, Contexts.Remove(name));

    /// <summary>Writes the file, its folder too, for its owner's eyes only.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, this, WithoutNulls);
        }

        File.Move(draft, path, overwrite: true);
    }

    private static ContextFile Of(JsonElement document, Dictionary<string, Context> contexts) => new(
        document.TryGetProperty("current", out var current) ? current.GetString() : null, contexts.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
