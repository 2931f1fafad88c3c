using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>What an application has cost, for people.</summary>
internal static class CostPages
{
    /// <summary>A row for each while that is kept, the sum, what staying would have come to, and the moves.</summary>
    public static Page Of(CostsDocument costs)
    {
        if (costs.Until is null)
        {
            return new Page().Line($"{costs.Application} has cost nothing yet: no VM of it has run");
        }

        var page = Page.Of(new Sheet("FROM", "UNTIL", "SITES", ">HOSTING", ">TRAFFIC", ">MOVING", ">SUM", ">STAYED", "REMARK").Rows(costs.Slices, slice =>
        [
            Cells.Instant(slice.From), Cells.Instant(slice.Until), string.Join(", ", slice.Sites.Select(site => $"{site.Site} {Money(site.Cost.Sum)}")),
            Money(slice.Total.Hosting), Money(slice.Total.Traffic), Money(slice.Total.Moving), Money(slice.Total.Sum), Money(slice.Stayed.Sum),
            slice.Partial ? "a price was not known" : null,
        ]));
        page.Gap().Line($"{costs.Application} has cost {Money(costs.Total.Sum)} {costs.Currency} up to {Cells.Instant(costs.Until)}: "
            + $"hosting {Money(costs.Total.Hosting)}, traffic {Money(costs.Total.Traffic)}, moving {Money(costs.Total.Moving)}");
        page.Line($"Had each VM stayed where it was first, {Money(costs.Stayed.Sum)} {costs.Currency}: {Difference(costs.Stayed.Sum - costs.Total.Sum, costs.Currency)}");
        return costs.Moves.IsEmpty ? page : page.Heading("Moves").Add(new Sheet("DONE", "VM", "FROM", "TO", ">SENT", ">COST").Rows(costs.Moves, move =>
            [Cells.Instant(move.At), move.Vm, Cells.Place(move.From), Cells.Place(move.To), Cells.Bytes(move.Bytes), Money(move.Cost)]));
    }

    private static string Difference(double saved, string currency) =>
        saved >= 0 ? $"{Money(saved)} {currency} were saved" : $"moving has cost {Money(-saved)} {currency} more";

    private static string Money(double amount) => Cells.Number(amount);
}
