using System.Globalization;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Portal.Watching;

/// <summary>Which traffic of an application is shown and how, as the page's address says it: the address can be sent to somebody.</summary>
/// <param name="Windows">How many windows the figures are the mean of: [1, <see cref="MostWindows"/>].</param>
/// <param name="Until">The end of the last window; null: the newest that was reported.</param>
/// <param name="ByPackets">Whether packets count, and not bytes.</param>
/// <param name="Edges">How many of the heaviest pairs are drawn: [1, <see cref="MostEdges"/>].</param>
/// <param name="Vm">The VM that is looked at; null: all.</param>
public sealed record TrafficChoice(int Windows, DateTimeOffset? Until, bool ByPackets, int Edges, VmId? Vm)
{
    /// <summary>The longest period: a day of windows.</summary>
    public const int MostWindows = 24 * 60 * 2;

    /// <summary>How many pairs are drawn where the address does not say.</summary>
    public const int UsualEdges = 200;

    /// <summary>The most that are drawn.</summary>
    public const int MostEdges = 20_000;

    /// <summary>The newest window, by bytes.</summary>
    public static TrafficChoice Usual { get; } = new(1, null, false, UsualEdges, null);

    /// <summary>Reads what an address says; what makes no sense is taken as not said.</summary>
    public static TrafficChoice Read(string? windows, string? until, string? by, string? edges, string? vm) => new(
        NumberIn(windows, MostWindows) ?? Usual.Windows,
        DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var end) ? Window.Containing(end).Start : null,
        by == "packets",
        NumberIn(edges, MostEdges) ?? UsualEdges,
        string.IsNullOrEmpty(vm) ? null : new VmId(vm));

    /// <summary>The query part of the address, with its question mark; empty: all is as usual.</summary>
    public string Query
    {
        get
        {
            var parts = new List<string>();
            if (Windows != Usual.Windows)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"windows={Windows}"));
            }

            if (Until is { } until)
            {
                parts.Add($"until={until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}");
            }

            if (ByPackets)
            {
                parts.Add("by=packets");
            }

            if (Edges != UsualEdges)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"edges={Edges}"));
            }

            if (Vm is { } vm)
            {
                parts.Add($"vm={Uri.EscapeDataString(vm.Value)}");
            }

            return parts.Count == 0 ? "" : $"?{string.Join('&', parts)}";
        }
    }

    /// <summary>The traffic grain's query for the period that ends then.</summary>
    public TrafficQuery QueryUntil(DateTimeOffset end) => new(end, Windows, TimeSpan.Zero, Approximate: false, new AnswerForm.Mean());

    private static int? NumberIn(string? text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? Math.Min(number, most) : null;
}
