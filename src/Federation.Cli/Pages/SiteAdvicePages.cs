using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Which hosts could be emptied, for people.</summary>
internal static class SiteAdvicePages
{
    /// <summary>What would move, what it saves, and what holds the other hosts.</summary>
    public static Page Describe(SiteAdviceDocument advice)
    {
        var page = new Page().Line(Title(advice)).Line(Saving(advice));
        if (advice.Moves.Length > 0)
        {
            page.Heading("Moves").Add(new Sheet("APPLICATION", "VM", "FROM", "TO", "KIND", ">BYTES", ">DURATION", ">DOWNTIME").Rows(advice.Moves, move =>
            [
                move.Application, move.Vm, move.From, move.ToHost ?? $"site {move.ToSite}/{move.ToOffer}", move.IsCold ? "cold" : "live", Cells.Bytes(move.Bytes),
                Cells.Seconds(move.Duration), Cells.Seconds(move.Downtime),
            ]));
            page.Line($"Sent in all: {Cells.Bytes(advice.Moves.Sum(move => move.Bytes))}; one after another: {Cells.Seconds(advice.Moves.Sum(move => move.Duration))}");
        }

        if (advice.Held.Length > 0)
        {
            page.Heading("Hosts that stay in use").Add(new Sheet("HOST", "VM", "BY").Rows(
                advice.Held.SelectMany(held => held.Why.Length == 0 ? [(held.Host, "", Nothing(held))] : held.Why.Select(why => (held.Host, $"{why.Application}/{why.Name}", why.Reason))),
                row => [row.Item1, row.Item2, row.Item3]));
        }

        if (advice.Plans.Length > 0)
        {
            page.Bullets("Asked for: 'fedctl plan describe' shows each, its owner applies it or not", [.. advice.Plans]);
        }

        return advice.NotProposed.Length == 0 ? page
            : page.Heading("Not asked for").Add(new Sheet("APPLICATION", "BY").Rows(advice.NotProposed, not => [not.Application, not.Reason]));
    }

    private static string Title(SiteAdviceDocument advice)
    {
        var after = advice.HostsInUse - advice.Emptied.Length;
        var proof = advice.IsProven ? "moves between its hosts can empty no more" : $"at least {advice.Bound} must stay in use while VMs stay at the site";
        return $"Site {advice.Site}: {advice.HostsInUse} hosts in use, {after} would do; {proof}";
    }

    private static string Saving(SiteAdviceDocument advice) => advice.Emptied.Length == 0 ? "No host can be emptied."
        : $"Empty afterwards: {string.Join(", ", advice.Emptied)}. " + (advice.WattsSaved is { } watts
            ? $"Switched off they save {SiteFigurePages.Watts(watts)}."
            : "What that saves is not known: energy.wattsPerHost in the site's file says what a host takes at rest.");

    private static string Nothing(HeldHostDocument held) => held.State is "ready" or "cordoned" ? "it holds what moves" : $"it is {held.State}";
}
