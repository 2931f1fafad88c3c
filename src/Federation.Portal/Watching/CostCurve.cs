using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Federation.Domain.Costs;
using Federation.Domain.Identity;

namespace Federation.Portal.Watching;

/// <summary>What an application has cost an hour, hosting and traffic, as a drawing: a step area for each site, one upon the other. Compared by reference.</summary>
public sealed class CostCurve
{
    /// <summary>How wide the drawing is.</summary>
    public const int Wide = 600;

    /// <summary>How high.</summary>
    public const int High = 160;

    private const int Edge = 6;
    private readonly ImmutableArray<CostSlice> slices;
    private readonly DateTimeOffset from;
    private readonly DateTimeOffset until;

    /// <summary>Draws costs that have at least one slice.</summary>
    public CostCurve(CostsSeen costs)
    {
        slices = [.. costs.Slices.Where(slice => slice.Until > slice.From)];
        (from, until) = slices.IsEmpty ? (costs.Until, costs.Until) : (slices[0].From, slices[^1].Until);
        MostPerHour = Math.Max(slices.Select(slice => Math.Max(PerHour(slice, Flowing(slice)), PerHour(slice, slice.Stayed.Sum))).DefaultIfEmpty(0).Max(), 1e-9);
        var below = new double[slices.Length];
        var areas = ImmutableArray.CreateBuilder<(SiteId, string)>();
        foreach (var site in costs.Sites)
        {
            var above = slices.Select((slice, i) => below[i] + (slice.Sites.TryGetValue(site, out var cost) ? PerHour(slice, cost.Hosting + cost.Traffic) : 0)).ToArray();
            areas.Add((site, $"{Steps(above, forth: true)} {Steps(below, forth: false)}"));
            below = above;
        }

        Areas = areas.ToImmutable();
        Stayed = Steps([.. slices.Select(slice => PerHour(slice, slice.Stayed.Sum))], forth: true);
        Moves = [.. costs.Moves.Where(move => move.At >= from && move.At <= until).Select(move => X(move.At)).Distinct()];
    }

    /// <summary>Its begin.</summary>
    public DateTimeOffset From => from;

    /// <summary>Its end.</summary>
    public DateTimeOffset Until => until;

    /// <summary>The most that anything of it comes to, in currency an hour; more than zero.</summary>
    public double MostPerHour { get; }

    /// <summary>Each site's corners, the lowest area first.</summary>
    public ImmutableArray<(SiteId Site, string Points)> Areas { get; }

    /// <summary>The corners of the line of what staying would have cost.</summary>
    public string Stayed { get; }

    /// <summary>Where moves were done.</summary>
    public ImmutableArray<string> Moves { get; }

    private static double Flowing(CostSlice slice) => slice.Total() is var all ? all.Hosting + all.Traffic : 0;

    private static double PerHour(CostSlice slice, double amount) => amount / (slice.Until - slice.From).TotalHours;

    // What lies between two slices was not looked at: nothing is drawn there.
    private string Steps(double[] heights, bool forth)
    {
        var points = new List<string>();
        for (var i = 0; i < slices.Length; i++)
        {
            if (i > 0 && slices[i].From > slices[i - 1].Until)
            {
                points.Add($"{X(slices[i - 1].Until)},{Y(0)}");
                points.Add($"{X(slices[i].From)},{Y(0)}");
            }

            points.Add($"{X(slices[i].From)},{Y(heights[i])}");
            points.Add($"{X(slices[i].Until)},{Y(heights[i])}");
        }

        return new StringBuilder().AppendJoin(' ', forth ? points : Enumerable.Reverse(points)).ToString();
    }

    private string X(DateTimeOffset at) => Text(until == from ? 0 : (at - from) / (until - from) * Wide);

    private string Y(double perHour) => Text(High - (perHour / MostPerHour * (High - Edge)));

    private static string Text(double place) => place.ToString("0.##", CultureInfo.InvariantCulture);
}
