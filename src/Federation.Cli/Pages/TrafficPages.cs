using Federation.Api;
using Federation.Cli.Output;
using Federation.Domain.Traffic;

namespace Federation.Cli.Pages;

/// <summary>Answers to traffic queries, for people.</summary>
internal static class TrafficPages
{
    /// <summary>Every matrix, and how complete it is.</summary>
    public static Page Of(TrafficDocument traffic)
    {
        var page = new Page().Line($"Traffic of {traffic.Application}, {traffic.As}, {traffic.Windows.Length} windows");
        foreach (var matrix in traffic.Matrices)
        {
            AddMatrix(page, matrix);
        }

        return page.Bullets("Completeness", [.. Remarks(traffic.Windows)]);
    }

    // The same of several windows in a row is one line.
    private static IEnumerable<string> Remarks(WindowDocument[] windows) =>
        from remark in windows.SelectMany(window => Remarks(window).Select(text => (window.Start, Text: text))).GroupBy(found => found.Text, found => found.Start)
        from row in InARow([.. remark])
        orderby row.First
        select $"{Cells.Instant(row.First)}{(row.Last == row.First ? "" : $" to {Cells.Instant(row.Last)}")} {remark.Key}";

    private static IEnumerable<(DateTimeOffset First, DateTimeOffset Last)> InARow(DateTimeOffset[] starts) => starts.Index()
        .GroupBy(start => start.Item - (start.Index * Window.Length), start => start.Item)
        .Select(row => (row.First(), row.Last()));

    private static void AddMatrix(Page page, MatrixDocument matrix)
    {
        page.Heading(matrix.Start is { } start
            ? $"Window {Cells.Instant(start)}"
            : $"Over {Cells.Seconds(matrix.Seconds)}");
        page.Add(new Sheet("SOURCE", "DESTINATION", ">PACKETS", ">BYTES").Rows(matrix.Pairs, pair =>
            [pair.Source, pair.Destination, Cells.Number(pair.Packets, 1), Cells.Bytes(pair.Bytes)]));
        if (matrix.Outside.Length > 0)
        {
            page.Heading("With addresses outside").Add(
                new Sheet("VM", ">SENT PACKETS", ">SENT BYTES", ">RECEIVED PACKETS", ">RECEIVED BYTES").Rows(matrix.Outside, vm =>
                [
                    vm.Vm, Cells.Number(vm.SentPackets, 1), Cells.Bytes(vm.SentBytes),
                    Cells.Number(vm.ReceivedPackets, 1), Cells.Bytes(vm.ReceivedBytes),
                ]));
        }
    }

    private static IEnumerable<string> Remarks(WindowDocument window)
    {
        if (window.Approximate)
        {
            yield return "is estimated from the window before";
        }

        if (window.Silent.Length > 0)
        {
            yield return $"nothing was reported for {string.Join(", ", window.Silent)}";
        }

        if (window.Partial.Length > 0)
        {
            yield return $"only a part was watched of {string.Join(", ", window.Partial)}";
        }

        if (window.Inexact is { Length: > 0 } inexact)
        {
            yield return $"frames were dropped, or windows merged, of {string.Join(", ", inexact)}";
        }

        if (window.Doubled is { Length: > 0 } doubled)
        {
            yield return $"several sensors reported all of {string.Join(", ", doubled)}: frames may count twice ('fedctl events' names the sensors)";
        }
    }
}
