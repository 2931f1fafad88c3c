using System.Text.Json;
using Federation.Cli.Terminals;
using Federation.Domain.Json;
using Federation.Yaml;
using Spectre.Console;

namespace Federation.Cli.Output;

/// <summary>How a result is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For people and programs.</summary>
    Yaml,
}

/// <summary>The names of the formats on the command line.</summary>
internal static class Formats
{
    /// <summary>The format of a name; null if there is none.</summary>
    public static OutputFormat? Read(string name) => name switch
    {
        "table" => OutputFormat.Table,
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        _ => null,
    };
}

/// <summary>Prints results in the format that was asked for.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="format">How.</param>
internal sealed class Printer(Terminal terminal, OutputFormat format)
{
    /// <summary>Prints a document: in full as JSON or YAML, or as a page for people.</summary>
    public void Print(JsonElement document, Func<Page> page)
    {
        switch (format)
        {
            case OutputFormat.Json:
                terminal.Out.WriteLine(JsonSerializer.Serialize(document, DomainJson.Indented));
                break;
            case OutputFormat.Yaml:
                terminal.Out.Write(YamlText.Of(document));
                break;
            default:
                Print(page);
                break;
        }
    }

    /// <summary>Prints a document of our own making.</summary>
    public void Print<T>(T document, Func<Page> page)
    {
        // To make JSON that nobody reads takes longer than most commands' work.
        if (format == OutputFormat.Table)
        {
            Print(page);
        }
        else
        {
            Print(JsonSerializer.SerializeToElement(document, DomainJson.Options), page);
        }
    }

    private void Print(Func<Page> page) => terminal.Out.Write(page().Render(terminal));
}

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
