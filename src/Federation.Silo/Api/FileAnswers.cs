using System.Collections.Immutable;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Grains.Access;
using Federation.Yaml;

namespace Federation.Silo.Api;

/// <summary>What the service says of a file besides taking or refusing it: what is hardly meant, held against all sites, and what is different.</summary>
/// <param name="grains">Where the sites' descriptions are: the federation keeps the last of each, so that none of them has to answer for it.</param>
internal sealed class FileAnswers(IGrainFactory grains)
{
    /// <summary>What is odd about a site, seen with the others.</summary>
    public async Task<WarningDocument[]> Warnings(Site site) => Documents(Files.Warnings.Of(site, await Sites()));

    /// <summary>What is odd about an application, seen with the sites and the other applications on its network.</summary>
    public async Task<WarningDocument[]> Warnings(Application application)
    {
        // Which applications have an address is for their tenant to know, whose this one is.
        var shared = await CallOrigin.AsService(() => grains.Federation().SharingAddresses(application.Id, ApplicationNeeds.Of(application)));
        return Documents(
        [
            .. Files.Warnings.Of(application, await Sites()),
            .. shared.Select(found => SharedAddresses.Of(application, found.Address, found.Other)),
        ]);
    }

    /// <summary>Every site of the federation, by name, as it last described itself.</summary>
    public async Task<ImmutableArray<Site>> Sites()
    {
        var federation = grains.Federation();
        return [.. (await Task.WhenAll((await federation.Sites()).Select(federation.Description))).OfType<Site>()];
    }

    /// <summary>What became of a file.</summary>
    public static AppliedDocument Applied(bool created, bool changed, WarningDocument[] warnings) =>
        new(created ? "created" : changed ? "configured" : "unchanged", warnings);

    /// <summary>What is different, as it is answered.</summary>
    public static FieldChangeDocument[] Documents(ImmutableArray<FieldChange> changes) =>
        [.. changes.Select(change => new FieldChangeDocument(change.Key, change.Before, change.After))];

    private static WarningDocument[] Documents(ImmutableArray<Warning> warnings) =>
        [.. warnings.Select(warning => new WarningDocument(warning.Key, warning.Value, warning.Problem, warning.Remedy))];
}
