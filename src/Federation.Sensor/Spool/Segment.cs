using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

/// <summary>One file of a spool, and what of it is still needed. Never written again once the next one was begun, but replaced whole.</summary>
internal sealed class Segment(long number)
{
    private const string Prefix = "windows-";

    /// <summary>Its place among the others: older ones have smaller numbers.</summary>
    public long Number => number;

    /// <summary>The file's name.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D12}");

    /// <summary>The file's length.</summary>
    public long Bytes { get; set; }

    /// <summary>Its entries that wait, by number.</summary>
    public SortedDictionary<long, WaitingEntry> Waiting { get; } = [];

    /// <summary>Its entries that were acknowledged and are still in the file.</summary>
    public HashSet<long> Done { get; } = [];

    /// <summary>Whether nothing more can be saved here by merging, as long as nothing more is acknowledged.</summary>
    public bool IsDense { get; set; }

    /// <summary>The number in a file's name; null for another file.</summary>
    public static long? NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>An entry that waits for the service, without its figures.</summary>
/// <param name="Id">The entry's number.</param>
/// <param name="Application">Whose.</param>
/// <param name="First">Its first window.</param>
/// <param name="Windows">How many windows it is of.</param>
/// <param name="Reports">How many reports it makes.</param>
/// <param name="Segment">The file that it is in.</param>
/// <param name="Place">Where in the file.</param>
internal sealed record WaitingEntry(
    long Id, AppId Application, Window First, int Windows, int Reports, Segment Segment, SegmentCodec.Place Place)
{
    /// <summary>Whether it may have reached the service.</summary>
    public bool IsAttempted { get; set; }

    public static WaitingEntry Of(SpoolEntry entry, Segment segment, SegmentCodec.Place place) =>
        new(entry.Id, entry.Application, entry.First, entry.Windows, entry.ReportCount, segment, place);
}
