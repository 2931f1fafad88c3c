using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Files.Csv;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.Feeds;

/// <summary>Prices as AWS publishes them for spot instances: CSV of zone, instance type, USD per hour and since when.</summary>
internal sealed class PriceFeed
{
    /// <summary>The currency of every feed, as its third column says.</summary>
    public const string Currency = "USD";

    private static readonly ImmutableArray<string> Columns = ["zone", "instance_type", "usd_per_hour", "since"];

    private readonly ImmutableArray<Row> rows;

    private PriceFeed(ImmutableArray<Row> rows) => this.rows = rows;

    /// <summary>A feed that cannot be had now: all of its prices are unknown.</summary>
    public static PriceFeed Unknown { get; } = new([]);

    /// <summary>Reads a feed; every bad row is a fault, and left out.</summary>
    /// <param name="text">The CSV, with the header <c>zone,instance_type,usd_per_hour,since</c> and its rows in any order.</param>
    /// <param name="report">Where faults go, against the feed's file.</param>
    /// <returns>The feed; null, and a fault, if it is empty or has the header of something else.</returns>
    public static PriceFeed? Parse(string text, Report report)
    {
        var table = new CsvTable(Columns, report);
        var rows = table.Rows(text).Select(row => ReadRow(row, report)).OfType<Row>().ToImmutableArray();
        return table.IsRefused ? null : new(rows);
    }

    /// <summary>The newest prices of one zone and type, as many as an offer may have; null, and a fault, if the feed does not hold them or contradicts itself.</summary>
    public PriceSchedule? ScheduleOf(Key key, Element price)
    {
        if (ReferenceEquals(this, Unknown))
        {
            return PriceSchedule.Unknown;
        }

        var matching = rows.Where(row => row.InstanceType == key.InstanceType && (key.Zone ?? row.Zone) == row.Zone).ToList();
        var zones = matching.Select(row => row.Zone).Distinct().Order(StringComparer.Ordinal).ToList();
        if (zones.Count != 1)
        {
            price.Refuse(
                zones.Count == 0 ? $"finds no price of {key} in its feed" : $"finds prices of {key} in {zones.Count} zones of its feed",
                zones.Count == 0 ? "name a zone and an instanceType that the feed holds" : $"name one, e.g. zone: {zones[0]}");
            return null;
        }

        var entries = matching.Select(row => new PriceEntry(row.Since, row.PerHour)).Distinct().ToList();
        if (entries.DistinctBy(entry => entry.From).Count() < entries.Count)
        {
            price.Refuse($"finds two prices of {key} since the same time in its feed", "keep one of the two");
            return null;
        }

        // A feed grows for ever; what was long ago says nothing of what is to come.
        return new(entries.OrderBy(entry => entry.From).TakeLast(Limits.Site.PriceSteps));
    }

    private static Row? ReadRow(CsvRow cells, Report report)
    {
        var before = report.Count;
        var row = new Row(Cell(0, Names.Label), Cell(1, Names.Label), Cell(2, Numbers.Money), Cell(3, Times.Instant));
        return report.Count == before ? row : null;

        T Cell<T>(int index, ScalarType<T> type)
        {
            var reading = type.Read(cells.Cells[index]);
            if (reading.Problem is not null)
            {
                report.Add(cells.Line, Columns[index], cells.Cells[index], reading.Problem, reading.Remedy!);
            }

            return reading.Value;
        }
    }

    /// <summary>Which prices of a feed are meant.</summary>
    /// <param name="Zone">The zone; null: the only one that there is.</param>
    /// <param name="InstanceType">The type of VM.</param>
    internal readonly record struct Key(string? Zone, string InstanceType)
    {
        /// <summary>The type and the zone, for people.</summary>
        public override string ToString() => Zone is null ? InstanceType : $"{InstanceType} in {Zone}";
    }

    private sealed record Row(string Zone, string InstanceType, decimal PerHour, DateTimeOffset Since);
}
