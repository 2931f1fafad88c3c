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

/// <summary>A table without lines, as it is easy to read and to cut with the usual tools: headings in capitals.</summary>
internal sealed class Sheet
{
    private const int Gutter = 2;

    private readonly Table table = new Table().NoBorder();

    /// <summary>An empty table.</summary>
    /// <param name="headings">A heading that starts with <c>&gt;</c> is of a column of figures: right-aligned.</param>
    public Sheet(params string[] headings)
    {
        foreach (var heading in headings)
        {
            var title = new Text(heading.TrimStart('>'), new Style(decoration: Decoration.Bold));
            var column = new TableColumn(title).PadLeft(0).PadRight(Gutter);
            table.AddColumn(heading.StartsWith('>') ? column.RightAligned() : column);
        }
    }

    /// <summary>Adds a row; a cell that is null or empty becomes a dash.</summary>
    public Sheet Row(params string?[] cells)
    {
        table.AddRow(cells.Select(cell => new Text(string.IsNullOrEmpty(cell) ? "-" : Cells.Plain(cell))));
        return this;
    }

    /// <summary>Adds a row for each item.</summary>
    public Sheet Rows<T>(IEnumerable<T> items, Func<T, string?[]> cells)
    {
        foreach (var item in items)
        {
            Row(cells(item));
        }

        return this;
    }

    /// <summary>The table as the console draws it.</summary>
    public Table Rendered() => table;
}
