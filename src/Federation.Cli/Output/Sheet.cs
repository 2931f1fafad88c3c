using Spectre.Console;

namespace Federation.Cli.Output;

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
