using System.Text.Json;
using System.Text.Json.Serialization;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Service;

/// <summary>What the context file remembers, so that it need not be typed.</summary>
/// <param name="Server">The service's address.</param>
/// <param name="Token">The bearer token itself.</param>
/// <param name="TokenFile">A file that holds the token; relative to the context file.</param>
internal sealed record Context(string? Server, string? Token, string? TokenFile)
{
    /// <summary>Only its owner may read the file.</summary>
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions WithoutNulls = new(DomainJson.Indented)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Remembers nothing.</summary>
    public static Context Empty { get; } = new(null, null, null);

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

    /// <summary>Reads the file; <see cref="Empty"/> if there is none.</summary>
    /// <exception cref="CommandFailure">There is one, and it cannot be read.</exception>
    public static Context Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<Context>(File.ReadAllText(path), DomainJson.Options) ?? Empty : Empty;
        }
        catch (JsonException fault)
        {
            throw new CommandFailure(
                $"{path}: is no context file ({fault.Message}); take it away, then use "
                + "'fedctl context set --server URL --token-file FILE'",
                fault);
        }
    }

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
}
