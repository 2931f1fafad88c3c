using System.Diagnostics;
using Federation.Cli.Terminals;

namespace Federation.Cli.Editing;

/// <summary>A file that a user edits with the editor of his choice; it is gone with the object unless it is kept.</summary>
internal sealed class Editor : IDisposable
{
    private readonly Terminal terminal;
    private readonly string folder = Directory.CreateTempSubdirectory("fedctl-edit-").FullName;
    private bool isKept;

    /// <summary>Prepares a file.</summary>
    /// <param name="terminal">Its environment names the editor: EDITOR, or else VISUAL, or else vi.</param>
    /// <param name="name">What the file is called, without its extension.</param>
    public Editor(Terminal terminal, string name) => (this.terminal, Path) = (terminal, System.IO.Path.Combine(folder, $"{name}.yaml"));

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Has a text edited, and gives what became of it when the editor has ended.</summary>
    /// <exception cref="CommandFailure">There is no such editor, or it ended with an error.</exception>
    public async Task<string> Edit(string text, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(Path, text, cancel);
        var editor = Of("EDITOR") ?? Of("VISUAL") ?? "vi";
        // By a shell, for it may have arguments: 'code --wait'.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", $"{editor} \"$1\"", "fedctl", Path } };
        using var process = Process.Start(start) ?? throw new CommandFailure("no shell could be started to run the editor");
        // Ctrl-C is the editor's own while it runs.
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? (await File.ReadAllTextAsync(Path, cancel)).ReplaceLineEndings("\n")
            : throw new CommandFailure($"the editor '{editor}' ended with exit code {process.ExitCode}; nothing was changed. EDITOR names the one to use");
    }

    /// <summary>Leaves the file where it is.</summary>
    public void Keep() => isKept = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isKept)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string? Of(string name) => terminal.Environment(name) is { Length: > 0 } value ? value : null;
}
