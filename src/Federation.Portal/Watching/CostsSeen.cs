using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Federation.Contracts;
using Federation.Domain.Costs;
using Federation.Domain.Identity;

namespace Federation.Portal.Watching;

/// <summary>What an application has cost in a period that ends with the newest look. Compared by reference.</summary>
public sealed class CostsSeen
{
    private readonly CostHistory history;

    /// <summary>Takes a part of a history.</summary>
    /// <param name="history">All of it; it has been looked at.</param>
    /// <param name="days">How many days back; null: all that is kept. A slice that has begun before is left out.</param>
    public CostsSeen(CostHistory history, int? days)
    {
        this.history = history;
        Until = history.Until!.Value;
        var from = days is { } some ? Until.AddDays(-some) : DateTimeOffset.MinValue;
        Slices = [.. history.Slices.Where(slice => slice.From >= from || slice.Until >= Until)];
        Moves = [.. history.Moves.Where(move => move.At >= from)];
        Sites = [.. Slices.SelectMany(slice => slice.Sites.Keys).Distinct().Order()];
        Total = Slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Total());
        Stayed = Slices.Aggregate(default(SiteCost), (sum, slice) => sum + slice.Stayed);
    }

    /// <summary>Up to when it is added up.</summary>
    public DateTimeOffset Until { get; }

    /// <summary>The costs, oldest first.</summary>
    public ImmutableArray<CostSlice> Slices { get; }

    /// <summary>VMs that have moved, oldest first.</summary>
    public ImmutableArray<MoveMark> Moves { get; }

    /// <summary>The sites that have taken something, by name.</summary>
    public ImmutableArray<SiteId> Sites { get; }

    /// <summary>All together.</summary>
    public SiteCost Total { get; }

    /// <summary>What it would have been had each VM stayed where it was first.</summary>
    public SiteCost Stayed { get; }

    /// <summary>The currency.</summary>
    public string Currency => history.Currency;

    /// <summary>Whether a price was not known, and the sums are too small.</summary>
    public bool IsPartial => Slices.Any(slice => slice.IsPartial);

    /// <summary>As a table for other programs: a line for each while and site, and one for what staying would have cost.</summary>
    public string Csv()
    {
        var text = new StringBuilder();
        text.AppendLine("from,until,kind,site,hosting,traffic,moving,currency");
        foreach (var slice in Slices)
        {
            foreach (var (site, cost) in slice.Sites)
            {
                Line(slice, "paid", site.Value, cost);
            }

            Line(slice, "stayed", "", slice.Stayed);
        }

        return text.ToString();

        void Line(CostSlice slice, string kind, string site, SiteCost cost) => text.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"{slice.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},{slice.Until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'},{kind},{site},{cost.Hosting},{cost.Traffic},{cost.Moving},{Currency}"));
    }
}
