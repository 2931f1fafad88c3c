using System.Text.Json;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Files.Feeds;
using Federation.Files.Kinds;
using Federation.Files.SiteFiles;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>Reads and writes the file that describes one site: YAML, or JSON of the same shape.</summary>
public static class SiteFile
{
    /// <summary>Reads a site file, and tells all of its faults at once.</summary>
    /// <remarks>
    /// Knows nothing of the other sites: see <see cref="FederationDirectory"/> for that. Safe on hostile text: one of more than
    /// <see cref="Limits.Files.SiteBytes"/> is refused unread, and time is linear in it.
    /// </remarks>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    /// <param name="feeds">Where price feeds are; none if left out, as befits text from the network.</param>
    public static Parsed<Site> Parse(string text, string fileName, PriceFeeds? feeds = null) =>
        ParseDocument(text, fileName, feeds ?? PriceFeeds.None).Site;

    /// <summary>The same site always gives the same text, and <see cref="Parse"/> of it gives an equal site, to the last bit.</summary>
    /// <remarks>Prices that came from a feed are written out.</remarks>
    /// <param name="site">A site that a file could describe: its names and ranges as the file has them.</param>
    public static string ToJson(Site site) => JsonText.Of(site, SiteWriter.Write);

    /// <summary>As <see cref="ToJson"/>, in the form in which people write the file.</summary>
    public static string ToYaml(Site site)
    {
        using var json = JsonDocument.Parse(ToJson(site));
        return YamlText.Of(json.RootElement);
    }

    /// <summary>A site together with its text's mapping, where lines can be looked up; that is null if the text is no mapping.</summary>
    internal static (Parsed<Site> Site, YamlNode.Mapping? Root) ParseDocument(string text, string fileName, PriceFeeds feeds)
    {
        var report = new Report(fileName);
        var (section, root) = Document.Read(text, Limits.Files.SiteBytes, SiteShapes.Site, report);
        var site = section is null ? null : new SiteReader(feeds).Read(section);
        return (report.Conclude(() => site!), root as YamlNode.Mapping);
    }
}
