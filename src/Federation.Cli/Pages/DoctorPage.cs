using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>What a look at the federation found, for people.</summary>
internal static class DoctorPage
{
    /// <summary>One row for each finding, and what to do next.</summary>
    public static Page Of(DoctorDocument found)
    {
        if (found.Findings.Length == 0)
        {
            return new Page().Line("all is well: ledgers, hypervisors, applications and VMs say the same");
        }

        var page = Page.Of(new Sheet("FOUND", "SINCE", "WHAT", "REMEDY").Rows(found.Findings, line =>
            [FateOf(line), Cells.Instant(line.Since), line.Text, line.Remedy]));
        return page.Line("").Line(Summary(found));
    }

    private static string Summary(DoctorDocument found)
    {
        int Of(string fate) => found.Findings.Count(line => line.Fate == fate);
        var parts = new[]
        {
            (Of("repaired"), "repaired"),
            (Of("repairable"), "can be repaired: fedctl doctor --repair"),
            (Of("waits"), $"may be on its way: look again in {Cells.Seconds(found.SettleSeconds)}"),
            (Of("needsPerson"), "for a person to decide"),
        };
        return string.Join("; ", parts.Where(part => part.Item1 > 0).Select(part => $"{part.Item1} {part.Item2}"));
    }

    private static string FateOf(DoctorDocument.Line line) => line.Fate == "needsPerson" ? "decide" : line.Fate;
}
