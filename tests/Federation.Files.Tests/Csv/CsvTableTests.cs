using System.Collections.Immutable;
using CsCheck;
using Federation.Files.Csv;
using Federation.Yaml;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests.Csv;

public sealed class CsvTableTests
{
    private static readonly ImmutableArray<string> Columns = ["name", "amount"];

    // Whatever a cell may hold; outer spaces are no part of it.
    private static readonly Gen<string> Cell = Gen.OneOf("a", "\"", ",", "\n", "\r\n", " ", "10.0.0.1", "ä").Array[1, 6].Select(string.Concat)
        .Where(cell => cell.Trim() == cell && cell.Length > 0);

    [Fact]
    public void What_a_program_writes_with_quotes_is_read_as_it_was() => Gen.Select(Cell, Cell).Array[0, 8].Sample(rows =>
    {
        var text = string.Concat(rows.Select(row => $"{Quoted(row.Item1)},{Quoted(row.Item2)}\r\n").Prepend("\"name\",\"amount\"\r\n"));
        var (read, faults) = Read(text);
        faults.ShouldBeEmpty();
        read.Select(row => (row.Cells[0], row.Cells[1])).ShouldBe(rows);
        read.Select(row => row.Line).ShouldBe(rows.Select((_, i) => 2 + rows.Take(i).Sum(row => 1 + Lines(row.Item1) + Lines(row.Item2))));
    });

    [Theory]
    [InlineData("name,amount\na,1\nb,2")]
    [InlineData("\uFEFFName,Amount\r\n\r\na,1\r\nb,2\r\n")]
    [InlineData("amount,name\n1,a\n2,b\n")]
    [InlineData("\"amount\",\"remark\",\"name\"\n\"1\",\"with, a comma\",\"a\"\n\"2\",\"\",\"b\"\n")]
    [InlineData(" name , amount\n a , 1 \n\"b\" , 2")]
    public void Columns_are_found_by_their_names(string text)
    {
        var (rows, faults) = Read(text);
        faults.ShouldBeEmpty();
        rows.Select(row => $"{row}").ShouldBe(["a,1", "b,2"]);
    }

    [Theory]
    [InlineData("nam,amount\na,1\n", "t.csv:1: 'nam,amount' is another header: it has no name; write name,amount, separated by commas")]
    [InlineData("name;amount\na;1\n", "t.csv:1: 'name;amount' is another header: it has no name, amount; write name,amount, separated by commas")]
    [InlineData("\na,1\n", "t.csv:2: 'a,1' is another header: it has no name, amount; write name,amount, separated by commas")]
    [InlineData("name,amount,Name\na,1,a\n", "t.csv:1: 'name,amount,Name' names name twice; write name,amount, each once")]
    [InlineData("\n \n", "t.csv: is empty; write the header name,amount and the rows below it")]
    public void Another_header_is_named_and_nothing_is_read_below_it(string text, string fault)
    {
        var (rows, faults) = Read(text);
        rows.ShouldBeEmpty();
        faults.Select(found => found.ToString()).ShouldBe([fault]);
    }

    [Fact]
    public void A_row_of_another_form_is_a_fault_and_the_others_are_read()
    {
        var (rows, faults) = Read("name,amount\na\nb,2\nc,3,4\n");
        rows.Select(row => $"{row}").ShouldBe(["b,2"]);
        faults.Select(fault => $"{fault.Line} {fault.Value} {fault.Problem}").ShouldBe(["2 a has 1 cells", "4 c,3,4 has 3 cells"]);
    }

    [Fact]
    public void A_quote_that_nothing_closes_is_told_at_its_line()
    {
        var (rows, faults) = Read("name,amount\na,1\n\"b,2\nc,3\n");
        rows.Select(row => $"{row}").ShouldBe(["a,1"]);
        faults.Single().ToString().ShouldStartWith("t.csv:3: opens a quote that nothing closes");
    }

    [Fact]
    public void A_quote_that_swallows_more_than_a_row_may_hold_is_told_too()
    {
        var (_, faults) = Read($"name,amount\n\"{string.Concat(Enumerable.Repeat("a,1\n", 10_000_000))}");
        faults.Single().Problem.ShouldBe("opens a quote that nothing closes");
    }

    [Fact]
    public void The_header_may_be_left_out_where_a_row_can_be_told_from_it()
    {
        var report = new Report("t.csv");
        var table = new CsvTable(Columns, report) { IsRow = row => row.Cells.Any(cell => int.TryParse(cell, out _)) };
        table.Rows("a,1\nb,2\n").Select(row => $"{row.Line} {row}").ShouldBe(["1 a,1", "2 b,2"]);
        report.Faults.ShouldBeEmpty();
    }

    private static (List<CsvRow> Rows, ImmutableArray<Fault> Faults) Read(string text)
    {
        var report = new Report("t.csv");
        var rows = new CsvTable(Columns, report).Rows(text).ToList();
        return (rows, report.Faults);
    }

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static int Lines(string cell) => cell.Count(c => c == '\n');
}
