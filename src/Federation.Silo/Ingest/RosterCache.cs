using System.Collections.Concurrent;
using System.Collections.Frozen;
using Federation.Contracts;
using Federation.Domain.Identity;

namespace Federation.Silo.Ingest;

/// <summary>Which VMs the applications have, asked again for each batch but sent again only after a change.</summary>
internal sealed class RosterCache(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<AppId, (Guid Stamp, FrozenSet<string> Vms)> known = [];

    /// <summary>The VMs of applications; null for one that there is not.</summary>
    public async Task<Dictionary<AppId, IReadOnlySet<string>?>> Of(IEnumerable<AppId> applications)
    {
        var rosters = await Task.WhenAll(applications.Select(async id => (id, vms: await Of(id))));
        return rosters.ToDictionary(roster => roster.id, roster => roster.vms);
    }

    private async Task<IReadOnlySet<string>?> Of(AppId application)
    {
        var last = known.GetValueOrDefault(application);
        var roster = await grains.Application(application).Roster(last.Stamp);
        if (roster.Stamp == Guid.Empty)
        {
            // Names that nobody has heard of must not fill the memory.
            known.TryRemove(application, out _);
            return null;
        }

        return roster.Vms is null ? last.Vms : (known[application] = (roster.Stamp, roster.Vms.ToFrozenSet())).Vms;
    }
}
