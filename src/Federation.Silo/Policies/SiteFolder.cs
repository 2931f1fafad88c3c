using Federation.Contracts;
using Federation.Domain.Audit;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Files.Feeds;
using Federation.Silo.Auditing;

namespace Federation.Silo.Policies;

/// <summary>How it stands with the folder of site files.</summary>
public sealed class SiteFolderStatus
{
    private volatile string? fault;

    /// <summary>What is wrong with the files; null: nothing, or there is no folder.</summary>
    public string? Fault
    {
        get => fault;
        set => fault = value;
    }
}

/// <summary>
/// Puts the files of a folder into force: all of them when all are sound, none while one is not. What is read has to be the same in two looks
/// in a row, for a file may be read while somebody writes it.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="only">The site that this silo stands for; null: every one.</param>
/// <param name="feeds">Price feeds on the network.</param>
/// <param name="status">Where it is told how it stands.</param>
/// <param name="grains">The sites.</param>
/// <param name="audit">Where every change and every refusal is noted.</param>
/// <param name="clock">Measures patience.</param>
internal sealed class SiteFolder(
    string folder, SiteId? only, RemoteFeeds feeds, SiteFolderStatus status, IGrainFactory grains, AuditTrail audit, TimeProvider clock)
{
    // As long as most feeds take: then a site changes once, and not once more for its price.
    private static readonly TimeSpan PatienceWithFeeds = TimeSpan.FromSeconds(1);

    private readonly Dictionary<SiteId, string> inForce = [];
    private string seen = "";
    private Task<bool>? fetching;

    /// <summary>Looks once. What has not changed since the look before is left alone, also if somebody has changed the site by the API.</summary>
    public async Task Look(CancellationToken cancel)
    {
        var read = FederationDirectory.Read(folder, feeds);
        if (await FetchedMore(cancel))
        {
            read = FederationDirectory.Read(folder, feeds);
        }

        var sites = read.Value?.Values.Select(site => (Site: site, Text: SiteFile.ToJson(site))).ToList();
        var now = sites is null ? string.Join("; ", read.Faults) : string.Join('\n', sites.Select(site => site.Text));
        (var isSettled, seen) = (now == seen, now);
        if (!isSettled)
        {
            return;
        }

        if (sites is null)
        {
            await Refuse(now);
            return;
        }

        status.Fault = null;
        foreach (var (site, text) in sites.Where(site => only is null || site.Site.Id == only))
        {
            await ApplyUnlessOffline(site, text);
        }
    }

    // A feed that takes longer goes on by itself, and what it brings is read at the look after: what else has changed does not wait for it.
    private async Task<bool> FetchedMore(CancellationToken cancel)
    {
        if (fetching is not { IsCompleted: false })
        {
            fetching = feeds.Refresh(cancel);
            await Task.WhenAny(fetching, Task.Delay(PatienceWithFeeds, clock, cancel));
        }

        return fetching.IsCompleted && await fetching;
    }

    // The others do not wait for one that is offline: its turn comes again.
    private async Task ApplyUnlessOffline(Site site, string text)
    {
        try
        {
            await Apply(site, text);
        }
        catch (Exception away) when (SiteOfflineException.Explains(away))
        {
        }
    }

    private async Task Apply(Site site, string text)
    {
        if (inForce.GetValueOrDefault(site.Id) == text)
        {
            return;
        }

        var before = (await grains.Site(site.Id).Get())?.Site;
        var change = await grains.Site(site.Id).Apply(site);
        inForce[site.Id] = text;
        if (change.Refused is { } refusal)
        {
            await Note(site.Id.Value, AuditOutcome.Refused, RefusalText.Of(refusal));
        }
        else if (change.Changed)
        {
            var keys = before is null ? ["new"] : FileDifference.Between(before, site).Select(field => field.Key);
            await Note(site.Id.Value, AuditOutcome.Done, $"revision {change.Revision}: {string.Join(", ", keys)}");
        }
    }

    // Said once, not at every look.
    private async Task Refuse(string text)
    {
        if (text != status.Fault)
        {
            await Note(folder, AuditOutcome.Refused, $"what was in force stays: {text}");
            status.Fault = text;
        }
    }

    private Task Note(string target, AuditOutcome outcome, string detail) => audit.Note($"the files in {folder}", "ReloadSite", target, outcome, detail);
}
