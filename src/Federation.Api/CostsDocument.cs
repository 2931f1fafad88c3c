using System.Collections.Immutable;
using Federation.Domain.Costs;

namespace Federation.Api;

/// <summary>What an application has cost, as <c>fedctl app costs -o json</c> and the API give it. Money in the federation's currency, unrounded.</summary>
/// <param name="Application">The application.</param>
/// <param name="Currency">The currency; empty: there is no site.</param>
/// <param name="Until">Up to when it is added up; null: no VM has run yet.</param>
/// <param name="Total">All that is kept together.</param>
/// <param name="Stayed">What that would have been had each VM stayed where it was first seen.</param>
/// <param name="Slices">The costs, oldest first: by the hour for some days, then by the day, then by the month.</param>
/// <param name="Moves">VMs that have moved, oldest first; the newest 500.</param>
public sealed record CostsDocument(
    string Application, string Currency, DateTimeOffset? Until, CostsDocument.Money Total, CostsDocument.Money Stayed, ImmutableArray<CostsDocument.Slice> Slices, ImmutableArray<CostsDocument.Move> Moves)
{
    /// <summary>The document of what was added up.</summary>
    /// <param name="application">Whose.</param>
    /// <param name="currency">The currency.</param>
    /// <param name="until">Up to when.</param>
    /// <param name="slices">The costs, oldest first.</param>
    /// <param name="moves">The moves, oldest first.</param>
    public static CostsDocument Of(string application, string currency, DateTimeOffset? until, ImmutableArray<CostSlice> slices, ImmutableArray<MoveMark> moves) => new(
        application,
        currency,
        until,
        Money.Of(slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Total())),
        Money.Of(slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Stayed)),
        [.. slices.Select(slice => new Slice(
            slice.From, slice.Until, [.. slice.Sites.Select(site => new AtSite(site.Key.Value, Money.Of(site.Value)))], Money.Of(slice.Total()), Money.Of(slice.Stayed), slice.IsPartial))],
        [.. moves.Select(move => new Move(
            move.Migration.Local, move.At, move.Vm.Value, new(move.From.Site.Value, move.From.Offer), new(move.To.Site.Value, move.To.Offer), move.Bytes, move.Cost))]);

    /// <summary>Money, and what it was for.</summary>
    public sealed record Money(double Hosting, double Traffic, double Moving, double Sum)
    {
        /// <summary>Of the domain's.</summary>
        public static Money Of(SiteCost cost) => new(cost.Hosting, cost.Traffic, cost.Moving, cost.Sum);
    }

    /// <summary>What one site charged for a while.</summary>
    public sealed record AtSite(string Site, Money Cost);

    /// <summary>A while; partial: some price was not known, and the sums are too small.</summary>
    public sealed record Slice(DateTimeOffset From, DateTimeOffset Until, ImmutableArray<AtSite> Sites, Money Total, Money Stayed, bool Partial);

    /// <summary>One VM's move, with the bytes that it sent and what it cost.</summary>
    public sealed record Move(string Migration, DateTimeOffset At, string Vm, PlanDocument.Place From, PlanDocument.Place To, double Bytes, double Cost);
}
