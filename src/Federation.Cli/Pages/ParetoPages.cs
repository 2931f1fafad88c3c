using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Cost against time, for people.</summary>
internal static class ParetoPages
{
    /// <summary>Staying, and one row for each placement, the cheapest first.</summary>
    public static Page Compare(ParetoDocument front)
    {
        var page = new Page().Line($"Cost against time for application {front.Application}, as of {Cells.Instant(front.MadeAt)}");
        if (front.Points.IsDefaultOrEmpty)
        {
            return page.Line($"No placement that holds all constraints was found: 'fedctl plan {front.Application}' says what stopped each site");
        }

        var sheet = new Sheet("", ">COST", ">SECONDS", ">HOSTING", ">TRAFFIC", ">MOVING", ">MOVES", "STATUS", "PLACEMENT");
        if (front.Staying is { } staying)
        {
            sheet.Row(Row("stay", staying, 0, null, null));
        }

        sheet.Rows(front.Points.Index(), entry => Row(
            $"{entry.Index + 1}", entry.Item.Terms, entry.Item.Moves, entry.Item.Status.ToString().ToLowerInvariant(), Shape(entry.Item)));
        return page.Gap().Add(sheet).Gap()
            .Line("Each is quicker than the one before, and nothing cheaper was found that is as quick. To get one, give the application")
            .Line("the objective cost and the deadline of its time, or the objective time and the budget of its cost.");
    }

    private static string?[] Row(string name, PlanDocument.Terms terms, int moves, string? status, string? placement) =>
    [
        name, Cells.Number(terms.Cost), Cells.Number(terms.Time, 1), Cells.Number(terms.Hosting), Cells.Number(terms.Traffic),
        Cells.Number(terms.Moving), $"{moves}", status, placement,
    ];

    private static string Shape(ParetoDocument.Point point) => string.Join(" + ", point.Placement
        .GroupBy(vm => (vm.Site, vm.Offer)).OrderBy(seat => seat.Key)
        .Select(seat => $"{seat.Count()} x {seat.Key.Site}/{seat.Key.Offer}"));
}
