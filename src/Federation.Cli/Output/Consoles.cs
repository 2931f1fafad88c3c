using Federation.Cli.Terminals;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>Makes consoles that know what their terminal can do, and ask the environment nothing.</summary>
internal static class Consoles
{
    /// <summary>A console of a terminal's width and colours that writes to <paramref name="output"/>.</summary>
    public static IAnsiConsole Create(Terminal terminal, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal.HasColor ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal.HasColor ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = terminal.IsInteractive ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
            EnvironmentVariables = new Dictionary<string, string>(),
        });
        console.Profile.Width = terminal.Width;
        return console;
    }
}
