using System.Collections.Immutable;
using Federation.Cli.Service;
using Federation.Yaml;

namespace Federation.Cli.Editing;

/// <summary>Has what is in force edited until it is sound, and then applied.</summary>
/// <param name="call">The connection.</param>
/// <param name="title">What is edited: <c>application cg, version 1.3</c>.</param>
/// <param name="name">Its name.</param>
internal sealed class EditRun(ServiceCall call, string title, string name)
{
    private const string NoteMark = "#";

    /// <summary>Runs to the end.</summary>
    /// <param name="original">The file of what is in force.</param>
    /// <param name="check">The faults of a text.</param>
    /// <param name="apply">Puts a sound text into force: the text, and the path of the file that it is in.</param>
    public async Task<int> Run(string original, Func<string, string, ImmutableArray<Fault>> check, Func<string, string, Task<int>> apply)
    {
        using var editor = new Editor(call.Terminal, name);
        var (body, faults) = (original, ImmutableArray<Fault>.Empty);
        while (true)
        {
            var notes = Notes(faults);
            var edited = Body(await editor.Edit(notes + body, call.Cancel));
            if (string.IsNullOrWhiteSpace(edited) || edited == original)
            {
                call.Terminal.Error.WriteLine("fedctl: nothing was edited; nothing was changed");
                return ExitCode.Done;
            }

            if (!faults.IsEmpty && edited == body)
            {
                throw Kept(editor, $"{string.Join('\n', faults)}\nThe faults are still there; nothing was changed");
            }

            (body, faults) = (edited, check(edited, editor.Path));
            if (faults.IsEmpty)
            {
                return await Apply(editor, body, apply);
            }
        }
    }

    private static async Task<int> Apply(Editor editor, string body, Func<string, string, Task<int>> apply)
    {
        try
        {
            return await apply(body, editor.Path);
        }
        catch (CommandFailure failure)
        {
            throw Kept(editor, failure.Message);
        }
    }

    private static CommandFailure Kept(Editor editor, string message)
    {
        editor.Keep();
        return new($"{message}\nWhat you wrote is in {editor.Path}");
    }

    // Faults are told with the lines that the text has below the notes.
    private string Notes(ImmutableArray<Fault> faults)
    {
        List<string> notes =
        [
            $"# {title}. Save and leave the editor to put it into force; leave it as it is, or empty, to change nothing.",
            "# Lines at the top that begin with # are left out.",
        ];
        if (!faults.IsEmpty)
        {
            var lines = notes.Count + faults.Length + 1;
            notes.Add($"# {faults.Length} {(faults.Length == 1 ? "fault" : "faults")}, nothing was changed yet:");
            notes.AddRange(faults.Select(fault => $"# {fault with { File = "line", Line = fault.Line > 0 ? fault.Line + lines : 0 }}"));
        }

        return string.Join('\n', notes) + "\n";
    }

    private static string Body(string text) => string.Join('\n', text.Split('\n').SkipWhile(line => line.StartsWith(NoteMark, StringComparison.Ordinal)));
}
