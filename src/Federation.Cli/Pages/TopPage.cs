using Federation.Api;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>The federation at a glance.</summary>
/// <param name="At">When it was so.</param>
/// <param name="Sites">Its sites.</param>
/// <param name="Applications">Its applications.</param>
/// <param name="Groups">Each application's communication groups.</param>
/// <param name="Events">The newest events, oldest first.</param>
internal sealed record TopPage(
    DateTimeOffset At, SiteDocument[] Sites, ApplicationDocument[] Applications, GroupsDocument[] Groups, EventDocument[] Events)
{
    /// <summary>Sites, applications and events, one table below the other.</summary>
    public Page ToPage()
    {
        var groups = Groups.ToDictionary(document => document.Application);
        var page = new Page().Line($"{Cells.Instant(At)}   {Sites.Length} sites, {Applications.Length} applications");
        if (SitePages.Lost(Sites) is { } lost)
        {
            page.Line(lost);
        }

        return page
            .Heading("Sites").Add(SitePages.Table(Sites, At))
            .Heading("Applications").Add(new Sheet("APPLICATION", ">VMS", "SITES", "GROUPS").Rows(Applications, application =>
            [
                application.Application,
                $"{application.Vms.Length}",
                ApplicationPages.SitesOf(application),
                groups.TryGetValue(application.Application, out var own)
                    ? GroupPages.Sets(own.Groups.Select(group => (IEnumerable<string>)group.Members))
                    : null,
            ]))
            .Heading("Newest events").Add(EventPages.Table(Events));
    }
}
