using System.Collections.Concurrent;
using System.Collections.Frozen;
using Federation.Contracts;
using Federation.Domain.Identity;

namespace Federation.Silo.Ingest;

/// <summary>Which VMs the applications have, asked again for each batch but sent again only after a change.</summary>
internal sealed class RosterCache(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<AppId, KnownRoster> known = [];

    /// <summary>The VMs of applications, by how they were named; null for one that there is not, or that a bare name does not tell from another.</summary>
    public async Task<Dictionary<AppId, KnownRoster?>> Of(IEnumerable<AppId> named)
    {
        var rosters = await Task.WhenAll(named.Select(async name => (name, roster: await Of(name))));
        return rosters.ToDictionary(roster => roster.name, roster => roster.roster);
    }

    private async Task<KnownRoster?> Of(AppId named)
    {
        if (await WithTenant(named) is not { } application)
        {
            return null;
        }

        var last = known.GetValueOrDefault(application.Named);
        var roster = await grains.Application(application).Roster(last?.Stamp ?? Guid.Empty);
        if (roster.Stamp == Guid.Empty)
        {
            // Names that nobody has heard of must not fill the memory.
            known.TryRemove(application.Named, out _);
            return null;
        }

        var current = roster.Vms is null ? last! : known[application.Named] = new(roster.Application, roster.Stamp, roster.Vms.ToFrozenSet());
        return application.Incarnation is 0 || application.Incarnation == current.Application.Incarnation ? current : null;
    }

    // Sensors name an application as the service told them; people who replay a capture write its bare name.
    private async Task<AppId?> WithTenant(AppId named)
    {
        if (!string.IsNullOrEmpty(named.Tenant.Value))
        {
            return named;
        }

        return await grains.Federation().ApplicationsNamed(named.Name) is [var only] ? named with { Tenant = only.Tenant } : null;
    }
}

/// <summary>Who belongs to an application. Compared by reference.</summary>
/// <param name="Application">The application, in its present incarnation.</param>
/// <param name="Stamp">Another one after each change.</param>
/// <param name="Vms">Its VMs' names.</param>
internal sealed record KnownRoster(AppId Application, Guid Stamp, IReadOnlySet<string> Vms);
