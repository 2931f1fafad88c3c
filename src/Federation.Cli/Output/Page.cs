using System.Text;
using Federation.Cli.Terminals;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Federation.Cli.Output;

/// <summary>A result for people: lines and tables, one below the other.</summary>
internal sealed class Page
{
    private readonly List<IRenderable> parts = [];

    /// <summary>A page of one table.</summary>
    public static Page Of(Sheet sheet) => new Page().Add(sheet);

    /// <summary>Adds one line of text.</summary>
    public Page Line(string text) => Add(new Text(Cells.Plain(text)));

    /// <summary>Adds an empty line.</summary>
    public Page Gap() => parts.Count > 0 ? Add(new Text("")) : this;

    /// <summary>Adds a heading, an empty line before it unless it is the first.</summary>
    public Page Heading(string text) => Gap().Add(new Text(Cells.Plain(text), new Style(decoration: Decoration.Bold)));

    /// <summary>Adds a table.</summary>
    public Page Add(Sheet sheet) => Add(sheet.Rendered());

    /// <summary>Adds a text of several lines as it is.</summary>
    public Page Block(string text)
    {
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            Line(line);
        }

        return this;
    }

    /// <summary>Adds a list under a heading; nothing if it is empty.</summary>
    public Page Bullets(string heading, IReadOnlyCollection<string> lines)
    {
        if (lines.Count > 0)
        {
            Heading(heading);
            foreach (var line in lines)
            {
                Line($"  - {line}");
            }
        }

        return this;
    }

    /// <summary>The whole page as something that can be shown and replaced.</summary>
    public IRenderable Whole() => new Rows(parts);

    /// <summary>The page as text, without blanks at the ends of lines.</summary>
    public string Render(Terminal terminal)
    {
        using var text = new StringWriter();
        var console = Consoles.Create(terminal, text);
        foreach (var part in parts)
        {
            console.Write(part);
            if (part is Text)
            {
                console.WriteLine();
            }
        }

        var lines = new StringBuilder();
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            lines.Append(line.TrimEnd()).Append('\n');
        }

        return lines.ToString();
    }

    private Page Add(IRenderable part)
    {
        parts.Add(part);
        return this;
    }
}
