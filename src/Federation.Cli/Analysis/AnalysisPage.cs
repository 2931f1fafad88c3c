using System.Globalization;
using Federation.Cli.Output;
using Federation.Domain.Detection;
using Federation.Domain.Groups;

namespace Federation.Cli.Analysis;

/// <summary>An analysis, for people.</summary>
internal static class AnalysisPage
{
    /// <summary>Windows, matrix and groups, and by which measure the groups were found.</summary>
    /// <param name="analysis">What was found.</param>
    /// <param name="options">By what measure.</param>
    /// <param name="detector">By which detector.</param>
    /// <param name="metric">Why by this metric; null: it was asked for.</param>
    public static Page Of(AnalysisDocument analysis, GroupingOptions options, DetectorChoice detector, MetricChoice? metric)
    {
        var page = new Page()
            .Heading("Windows").Add(new Sheet("START", ">PACKETS", ">BYTES").Rows(analysis.Windows, window =>
                [window.Start.ToString(), Whole(window.Packets), Cells.Bytes(window.Bytes)]))
            .Heading("Traffic").Add(new Sheet("SOURCE", "DESTINATION", ">PACKETS", ">BYTES").Rows(analysis.Matrix, row =>
                [row.Source.ToString(), row.Destination.ToString(), Whole(row.Packets), Cells.Bytes(row.Bytes)]));
        AddFrames(page, analysis);
        page.Heading($"Communication groups ({Measure(options, detector.Kind)})");
        if (analysis.Groups.IsEmpty)
        {
            page.Line("none");
        }
        else
        {
            page.Add(new Sheet(">", ">VMS", ">ISOLATION", "MEMBERS").Rows(analysis.Groups.Index(), group =>
            [
                $"{group.Index + 1}", $"{group.Item.Length}", Cells.Number(analysis.Isolation[group.Index], 3),
                string.Join(", ", group.Item),
            ]));
        }

        if (!analysis.OnLink.IsEmpty)
        {
            page.Line($"taken for no VM, since what they send stays on its link: {string.Join(", ", analysis.OnLink)}");
        }

        return Reasons(page, options, detector, metric);
    }

    private static void AddFrames(Page page, AnalysisDocument analysis)
    {
        var frames = analysis.Frames;
        page.Line($"{Whole(frames.Counted)} of {Whole(frames.Read)} frames counted");
        if (frames.Mistimed > 0)
        {
            page.Line($"{Whole(frames.Mistimed)} frames have a time stamp that cannot be: they are counted by its second, or with the frame before");
        }

        if (frames.PerhapsRepeated > 0)
        {
            page.Line($"{Whole(frames.PerhapsRepeated)} frames may have been captured on another interface too: too little of them was kept to be certain");
        }

        if (!analysis.LeftOut.IsEmpty)
        {
            page.Heading("Frames not counted").Add(new Sheet("REASON", ">FRAMES", ">BYTES").Rows(analysis.LeftOut, left =>
                [left.Reason, Whole(left.Frames), Cells.Bytes(left.Bytes)]));
        }
    }

    private static string Measure(GroupingOptions options, DetectorKind detector) => string.Create(CultureInfo.InvariantCulture,
        $"by {options.Metric.ToString().ToLowerInvariant()}, {Strictness(options, detector)}, floor {options.FloorPerSecond} per second");

    private static string Strictness(GroupingOptions options, DetectorKind detector) =>
        detector == DetectorKind.Greedy ? FormattableString.Invariant($"ratio {options.Ratio}")
        : options.Resolution is { } share ? FormattableString.Invariant($"Leiden, resolution {share}")
        : "Leiden, resolution found";

    private static Page Reasons(Page page, GroupingOptions options, DetectorChoice detector, MetricChoice? metric)
    {
        if (metric is not null)
        {
            page.Line($"metric {metric.Metric.ToString().ToLowerInvariant()}: {metric.Why}");
        }

        return options.Detector == DetectorKind.Auto
            ? page.Line($"detector {detector.Kind.ToString().ToLowerInvariant()}: {detector.Why}")
            : page;
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
