using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Communication groups, for people.</summary>
internal static class GroupPages
{
    /// <summary>One row for each group that counts now.</summary>
    public static Page List(GroupsDocument document)
    {
        var page = document.Groups.Length == 0
            ? new Page().Line($"{document.Application} has no communication groups{(Differs(document) ? " yet" : "")}")
            : Page.Of(new Sheet("GROUP", "MEMBERS", "SINCE").Rows(document.Groups, group =>
                [group.Id, string.Join(",", group.Members), Cells.Instant(group.Since)]));
        if (document.Detection is { } detection)
        {
            page.Line($"Found by {detection.Detector}: {detection.DetectorWhy}");
            page.Line($"Found over {detection.Metric}: {detection.MetricWhy}");
        }

        return Differs(document)
            ? page.Line($"The newest window, {Cells.Instant(document.Windows[^1].Start)}, shows {Shown(document.Windows[^1])}: "
                + "a change counts once it has lasted")
            : page;
    }

    /// <summary>The groups, what each window showed, and their history.</summary>
    public static Page Describe(GroupsDocument document)
    {
        var page = List(document);
        page.Heading("Windows").Add(new Sheet("START", "ISOLATION", "GROUPS").Rows(document.Windows, window =>
            [Cells.Instant(window.Start), string.Join(' ', (window.Isolation ?? []).Select(share => Cells.Number(share, 2))), Sets(window.Groups)]));
        return page.Heading("History").Add(new Sheet("KIND", "BEGAN", "CONFIRMED", "EVENT").Rows(document.History, entry =>
            [entry.Kind, Cells.Instant(entry.Began), Cells.Instant(entry.Confirmed), entry.Text]));
    }

    private static bool Differs(GroupsDocument document) =>
        document.Windows is [.., var newest] && !document.Groups.Select(group => Sets([group.Members])).ToHashSet()
            .SetEquals(newest.Groups.Select(members => Sets([members])));

    private static string Shown(DetectionDocument window) => window.Groups.Length == 0 ? "none" : Sets(window.Groups);

    /// <summary>One group.</summary>
    public static Page Describe(GroupDocument group) => new Page()
        .Line($"Group {group.Id}")
        .Line($"  members  {string.Join(", ", group.Members)}")
        .Line($"  since    {Cells.Instant(group.Since)}");

    /// <summary>Groups in braces, as in a paper: <c>{vm1,vm2} {vm3,vm4}</c>.</summary>
    public static string Sets(IEnumerable<IEnumerable<string>> groups) =>
        string.Join(' ', groups.Select(group => $"{{{string.Join(',', group)}}}"));
}
