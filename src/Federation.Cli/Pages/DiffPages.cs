using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>What files would change at the service, for people.</summary>
internal static class DiffPages
{
    // A file of thousands of VMs that is new has as many changes as it has values.
    private const int MostShown = 200;

    /// <summary>What a site file would change, and whom.</summary>
    public static Page Of(SiteDiffDocument diff)
    {
        if (diff.Changes.Length == 0)
        {
            return new Page().Line($"site {diff.Site}: nothing changes");
        }

        var page = new Page().Line(diff.Revision == 0 ? $"site {diff.Site} is new" : $"site {diff.Site}, against revision {diff.Revision}:");
        Add(page, diff.Changes);
        return diff.Affected.Length == 0
            ? page.Line("no running VM is affected")
            : page.Heading($"{diff.Affected.Length} running VMs could not come there any more").Add(
                new Sheet("APPLICATION", "VM", "REASON").Rows(diff.Affected, vm => [vm.Application, vm.Name, vm.Reason]));
    }

    /// <summary>What an application file would change.</summary>
    public static Page Of(ApplicationDiffDocument diff)
    {
        if (diff.Changes.Length == 0)
        {
            return new Page().Line($"application {diff.Application}: nothing changes");
        }

        var page = new Page().Line(diff.Version is null ? $"application {diff.Application} is new" : $"application {diff.Application}, against version {diff.Version}:");
        Add(page, diff.Changes);
        return page;
    }

    private static void Add(Page page, FieldChangeDocument[] changes)
    {
        page.Add(new Sheet("KEY", "BEFORE", "AFTER").Rows(changes.Take(MostShown), change => [change.Key, change.Before, change.After]));
        if (changes.Length > MostShown)
        {
            page.Line($"... and {changes.Length - MostShown} more; -o json shows all");
        }
    }
}
