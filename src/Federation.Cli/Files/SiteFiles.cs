using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Files.Feeds;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>Reads site files that a user names: one, or a folder of them.</summary>
internal static class SiteFiles
{
    /// <summary>The sites of a folder, or the site of a file.</summary>
    /// <exception cref="CommandFailure">There is no such file or folder.</exception>
    public static Checked<ImmutableArray<Site>> Read(string path)
    {
        if (Directory.Exists(path))
        {
            var folder = FederationDirectory.Read(path);
            return new([.. folder.Value?.Values ?? []], folder.Faults);
        }

        var text = UserFile.Read(path);
        var site = SiteFile.Parse(text, path, PriceFeeds.InFolder(Path.GetDirectoryName(Path.GetFullPath(path))!));
        return new(site.IsSound ? [site.Value] : [], site.Faults);
    }
}

/// <summary>Reads site files and an application file together, so that what the one says of the other is checked.</summary>
internal static class FederationFiles
{
    /// <summary>Reads what is named, and tells all faults of all of it.</summary>
    /// <param name="sites">A folder of site files; null: none, and the application's sites are not checked.</param>
    /// <param name="application">An application file; null: none.</param>
    /// <returns>The sites and the application, each null if it was not named or has a fault.</returns>
    public static (ImmutableSortedDictionary<SiteId, Site>? Sites, Application? Application, ImmutableArray<Fault> Faults) Read(
        string? sites, string? application)
    {
        var text = application is null ? null : UserFile.Read(application);
        var federation = sites is null ? null : ReadSites(sites);
        // Sites with faults are no measure for an application: it would be told of sites that are missing for that reason only.
        var parsed = text is null ? null : ApplicationFile.Parse(text, application!, federation?.Value);
        return (federation?.Value, parsed?.Value, [.. federation?.Faults ?? [], .. parsed?.Faults ?? []]);
    }

    private static Parsed<ImmutableSortedDictionary<SiteId, Site>> ReadSites(string folder) =>
        File.Exists(folder) ? throw new CommandFailure($"{folder}: is a file; name the folder of the site files")
        : !Directory.Exists(folder) ? throw new CommandFailure($"{folder}: there is no such folder")
        : FederationDirectory.Read(folder);
}
