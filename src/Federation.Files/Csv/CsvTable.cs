using System.Collections.Immutable;
using Federation.Yaml;
using nietras.SeparatedValues;

namespace Federation.Files.Csv;

/// <summary>One row of a table.</summary>
/// <param name="Line">The line that it begins in, from 1.</param>
/// <param name="Cells">Its cells without quotes and outer spaces, in the order of the table's columns. Compared by reference.</param>
public readonly record struct CsvRow(int Line, ImmutableArray<string> Cells)
{
    /// <summary>The cells as one text, to show which row is meant.</summary>
    public override string ToString() => string.Join(',', Cells);
}

/// <summary>Reads a table of known columns from CSV as programs write it: RFC 4180 with or without quotes, any line ends, a byte order mark, empty lines.</summary>
/// <remarks>The header says which column is which, in any order and any case; other columns are passed over. Read once, by one thread.</remarks>
/// <param name="columns">The names of the columns.</param>
/// <param name="report">Where faults go.</param>
public sealed class CsvTable(ImmutableArray<string> columns, Report report)
{
    private static readonly SepReaderOptions Options =
        Sep.New(',').Reader(options => options with { HasHeader = false, Unescape = true, Trim = SepTrim.All, DisableColCountCheck = true });

    private ImmutableArray<int> places = [.. Enumerable.Range(0, columns.Length)];
    private int width = columns.Length;

    /// <summary>What tells a row from a header, so that the header may be left out; null: there has to be one.</summary>
    public Func<CsvRow, bool>? IsRow { get; init; }

    /// <summary>Whether there was nothing, or a header of something else: then there are no rows, and a fault says why.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>The rows, lazily; one of another form is a fault, and left out.</summary>
    /// <param name="text">The whole file.</param>
    public IEnumerable<CsvRow> Rows(string text)
    {
        var isFirst = true;
        foreach (var row in AllRows(text).Where(row => row.Cells is not [""]))
        {
            if (report.IsFull)
            {
                yield break;
            }

            if (isFirst && IsRow?.Invoke(row) != true)
            {
                isFirst = false;
                if (!TakeHeader(row))
                {
                    yield break;
                }

                continue;
            }

            isFirst = false;
            if (row.Cells.Length == width)
            {
                yield return row with { Cells = [.. places.Select(place => row.Cells[place])] };
            }
            else
            {
                report.Add(row.Line, "", $"{row}", $"has {row.Cells.Length} cells", $"write {width}, as the header {Header} has; quote a cell that holds a comma");
            }
        }

        if (isFirst)
        {
            Refuse(0, null, "is empty", $"write the header {Header} and the rows below it");
        }
    }

    private string Header => string.Join(',', columns);

    private bool TakeHeader(CsvRow header)
    {
        width = header.Cells.Length;
        places = [.. columns.Select(column => header.Cells.IndexOf(column, StringComparer.OrdinalIgnoreCase))];
        var missing = columns.Where((_, i) => places[i] < 0).ToList();
        var twice = columns.Where(column => header.Cells.Count(cell => column.Equals(cell, StringComparison.OrdinalIgnoreCase)) > 1).ToList();
        if (missing.Count > 0)
        {
            Refuse(header.Line, $"{header}", $"is another header: it has no {string.Join(", ", missing)}", $"write {Header}, separated by commas");
        }
        else if (twice.Count > 0)
        {
            Refuse(header.Line, $"{header}", $"names {string.Join(", ", twice)} twice", $"write {Header}, each once");
        }

        return !IsRefused;
    }

    private void Refuse(int line, string? value, string problem, string remedy)
    {
        IsRefused = true;
        report.Add(line, "", value, problem, remedy);
    }

    private IEnumerable<CsvRow> AllRows(string text)
    {
        using var reader = Options.FromText(text.TrimStart('\uFEFF'));

        // Of a file's first row the library tells the next row's line.
        for (var line = 1; Next(reader, line) is { } row; line = reader.Current.LineNumberToExcl)
        {
            yield return row;
        }
    }

    // A quote that nothing closes makes one row of all that follows, which may be too long for one.
    private CsvRow? Next(SepReader reader, int line)
    {
        try
        {
            if (!reader.MoveNext())
            {
                return null;
            }
        }
        catch (NotSupportedException)
        {
            return RefuseQuote(line);
        }

        var row = reader.Current;
        return row.Span.Count('"') % 2 == 1 ? RefuseQuote(line) : new CsvRow(line, CellsOf(row));
    }

    private static ImmutableArray<string> CellsOf(SepReader.Row row)
    {
        var cells = ImmutableArray.CreateBuilder<string>(row.ColCount);
        for (var i = 0; i < row.ColCount; i++)
        {
            cells.Add(row[i].ToString());
        }

        return cells.DrainToImmutable();
    }

    private CsvRow? RefuseQuote(int line)
    {
        IsRefused = true;
        report.Add(line, "", null, "opens a quote that nothing closes", "close it; within quotes write two for one");
        return null;
    }
}
