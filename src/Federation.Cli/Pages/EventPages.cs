using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Events, for people.</summary>
internal static class EventPages
{
    /// <summary>One row for each event.</summary>
    public static Page List(IEnumerable<EventDocument> events) => Page.Of(Table(events));

    /// <summary>One row for each event.</summary>
    public static Sheet Table(IEnumerable<EventDocument> events) =>
        new Sheet(">", "AT", "KIND", "APPLICATION", "SITE", "EVENT").Rows(events, entry =>
            [$"{entry.Sequence}", Cells.Instant(entry.At), entry.Kind, entry.Application, entry.Site, entry.Text]);

    /// <summary>One event on a line of its own, for a list that goes on.</summary>
    public static string Line(EventDocument entry)
    {
        var about = string.Join(' ', new[] { entry.Application, entry.Site }.OfType<string>());
        return Cells.Plain($"{Cells.Instant(entry.At)}  {entry.Kind,-12}  {(about.Length > 0 ? about + ": " : "")}{entry.Text}");
    }
}
