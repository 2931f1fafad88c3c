using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files.Feeds;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>A folder that holds one file for every site of a federation.</summary>
public static class FederationDirectory
{
    /// <summary>Reads every <c>*.yaml</c> and <c>*.yml</c> of a folder (not of its subfolders), and tells all faults of all at once.</summary>
    /// <param name="folder">The folder. Price feeds are looked up relative to it.</param>
    /// <param name="remote">Price feeds on the network; null: an address is a fault.</param>
    /// <returns>The sites by name, at least one.</returns>
    /// <exception cref="IOException">The folder or a file is there and cannot be read.</exception>
    public static Parsed<ImmutableSortedDictionary<SiteId, Site>> Read(string folder, RemoteFeeds? remote = null)
    {
        var report = new Report(folder);
        var files = FilesOf(folder).ToList();
        if (files.Count > Limits.Files.InFolder)
        {
            report.Add(0, "", null, $"holds {files.Count} site files, more than {Limits.Files.InFolder}", $"leave at most {Limits.Files.InFolder} in it");
        }

        var documents = files.Take(Limits.Files.InFolder).TakeWhile(_ => !report.IsFull).Select(file => ReadFile(file, PriceFeeds.InFolder(folder, remote), report)).OfType<SiteDocument>().ToImmutableArray();
        if (report.IsClean && documents.IsEmpty)
        {
            report.Add(0, "", null, "holds no site file", "put at least one NAME.yaml into it");
        }

        new CrossCheck(documents).Check(report);
        return report.Conclude(() => documents.ToImmutableSortedDictionary(document => document.Site!.Id, document => document.Site!));
    }

    private static IEnumerable<string> FilesOf(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
        : [];

    private static SiteDocument? ReadFile(string file, PriceFeeds feeds, Report report)
    {
        if (new FileInfo(file).Length > Limits.Files.SiteBytes)
        {
            report.For(file).Add(0, "", null, $"is larger than {Limits.Files.SiteBytes} bytes", "describe one site in one file");
            return null;
        }

        var (site, root) = SiteFile.ParseDocument(File.ReadAllText(file), file, feeds);
        report.AddAll(site.Faults);
        return new(file, Path.GetFileNameWithoutExtension(file), site.Value, root);
    }
}
