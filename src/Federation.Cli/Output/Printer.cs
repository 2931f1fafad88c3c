using System.Text.Json;
using Federation.Cli.Terminals;
using Federation.Domain.Json;

namespace Federation.Cli.Output;

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
                terminal.Out.Write(page().Render(terminal));
                break;
        }
    }

    /// <summary>Prints a document of our own making.</summary>
    public void Print<T>(T document, Func<Page> page) =>
        Print(JsonSerializer.SerializeToElement(document, DomainJson.Options), page);
}
