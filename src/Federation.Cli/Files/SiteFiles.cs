using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Files.Feeds;

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
