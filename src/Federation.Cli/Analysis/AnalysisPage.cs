using System.Globalization;
using Federation.Cli.Output;
using Federation.Domain.Groups;

namespace Federation.Cli.Analysis;

/// <summary>An analysis, for people.</summary>
internal static class AnalysisPage
{
    /// <summary>Windows, matrix and groups, and by which measure the groups were found.</summary>
    public static Page Of(AnalysisDocument analysis, GroupingOptions options)
    {
        var page = new Page()
            .Heading("Windows").Add(new Sheet("START", ">PACKETS", ">BYTES").Rows(analysis.Windows, window =>
                [window.Start.ToString(), Whole(window.Packets), Cells.Bytes(window.Bytes)]))
            .Heading("Traffic").Add(new Sheet("SOURCE", "DESTINATION", ">PACKETS", ">BYTES").Rows(analysis.Matrix, row =>
                [row.Source.ToString(), row.Destination.ToString(), Whole(row.Packets), Cells.Bytes(row.Bytes)]));
        var measure = string.Create(CultureInfo.InvariantCulture,
            $"by {options.Metric.ToString().ToLowerInvariant()}, ratio {options.Ratio}, floor {options.FloorPerSecond} per second");
        page.Heading($"Communication groups ({measure})");
        return analysis.Groups.IsEmpty
            ? page.Line("none")
            : page.Add(new Sheet(">", ">VMS", "MEMBERS").Rows(analysis.Groups.Index(), group =>
                [$"{group.Index + 1}", $"{group.Item.Length}", string.Join(", ", group.Item)]));
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
