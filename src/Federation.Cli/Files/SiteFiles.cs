using System.Collections.Immutable;
using Federation.Cli.Terminals;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Files.Feeds;
using Federation.Yaml;

namespace Federation.Cli.Files;

/// <summary>Reads site files that a user names: files, folders of them, standard input.</summary>
internal static class SiteFiles
{
    /// <summary>The sites of files, folders and standard input, in their order, and every fault of all. Those of a folder have to go together.</summary>
    /// <exception cref="CommandFailure">One cannot be read.</exception>
    public static Checked<ImmutableArray<DescribedFile<Site>>> Read(Terminal terminal, IReadOnlyCollection<string> paths)
    {
        FileArguments.Check(paths);
        var (found, faults, once) = (ImmutableArray.CreateBuilder<DescribedFile<Site>>(), new List<Fault>(), new DescribedOnce("site"));
        foreach (var path in paths)
        {
            var read = Directory.Exists(path) ? InFolder(path) : One(FileArguments.Read(terminal, path));
            found.AddRange(read.Value);
            faults.AddRange(read.Faults);
            faults.AddRange(read.Value.Select(file => once.Check(file.Model.Id.Value, file.Name, file.Text)).OfType<Fault>());
        }

        return new(found.ToImmutable(), [.. faults]);
    }

    private static Checked<ImmutableArray<DescribedFile<Site>>> One(InputText input)
    {
        var site = SiteFile.Parse(input.Text, input.Name, PriceFeeds.InFolder(input.Folder));
        return new(site.IsSound ? [new(site.Value, input.Name, input.Text)] : [], site.Faults);
    }

    /// <summary>The sites of a folder, each with its file.</summary>
    public static Checked<ImmutableArray<DescribedFile<Site>>> InFolder(string path)
    {
        var folder = FederationDirectory.Read(path);
        return new([.. (folder.Value?.Values ?? []).Select(site => OfFolder(path, site))], folder.Faults);
    }

    // A folder's files are named after their sites.
    private static DescribedFile<Site> OfFolder(string folder, Site site)
    {
        var file = ((string[])[".yaml", ".yml"]).Select(extension => Path.Combine(folder, site.Id.Value + extension)).First(File.Exists);
        return new(site, file, File.ReadAllText(file));
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
        var federation = sites is null ? null : FederationDirectory.Read(Folder(sites));
        // Sites with faults are no measure for an application: it would be told of sites that are missing for that reason only.
        var parsed = text is null ? null : ApplicationFile.Parse(text, application!, federation?.Value);
        return (federation?.Value, parsed?.Value, [.. federation?.Faults ?? [], .. parsed?.Faults ?? []]);
    }

    /// <summary>A folder that has to be there.</summary>
    /// <exception cref="CommandFailure">It is not.</exception>
    public static string Folder(string folder) =>
        File.Exists(folder) ? throw new CommandFailure($"{folder}: is a file; name the folder of the site files")
        : !Directory.Exists(folder) ? throw new CommandFailure($"{folder}: there is no such folder")
        : folder;
}
