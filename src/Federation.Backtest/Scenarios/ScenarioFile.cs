using System.Collections.Immutable;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Yaml;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Backtest.Scenarios;

/// <summary>Reads the file that describes a backtest, and the site files that it names.</summary>
public static class ScenarioFile
{
    /// <summary>Reads a scenario, and tells all faults of it and of its sites at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file: what faults name, and what its <c>sites</c> are relative to.</param>
    /// <exception cref="IOException">A site file is there and cannot be read.</exception>
    public static Parsed<Scenario> Parse(string text, string path)
    {
        var report = new Report(path);
        var root = YamlTree.Read(text, Limits.Files.OtherBytes, report);
        var section = root is null ? null : new Element(root, root.Line, "", report).AsSection(ScenarioShapes.Scenario);
        var scenario = section is null ? null : new ScenarioReader(SitesOf(section, path, report)).Read(section);
        return report.Conclude(() => scenario!);
    }

    private static ImmutableSortedDictionary<SiteId, Site>? SitesOf(Section file, string path, Report report)
    {
        if (file.Find("sites") is not { } named || named.Read(Names.Line, "") is not { Length: > 0 } relative)
        {
            return null;
        }

        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, relative);
        if (!Directory.Exists(folder))
        {
            named.Refuse("is no folder", "name the folder of the site files, relative to this file");
            return null;
        }

        var sites = FederationDirectory.Read(Path.GetRelativePath(Directory.GetCurrentDirectory(), folder));
        report.AddAll(sites.Faults);
        return sites.Value;
    }
}
