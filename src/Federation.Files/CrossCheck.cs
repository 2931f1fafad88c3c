using System.Collections.Immutable;
using Federation.Domain.Sites;
using Federation.Yaml;
using Federation.Yaml.Scalars;

namespace Federation.Files;

/// <summary>One file of a federation's folder.</summary>
/// <param name="File">The path.</param>
/// <param name="Name">The file's name without folder and extension: what the site has to be called.</param>
/// <param name="Site">The site; null if the file has faults of its own.</param>
/// <param name="Root">The file's mapping, to look lines up in; null if it is none.</param>
internal sealed record SiteDocument(string File, string Name, Site? Site, YamlNode.Mapping? Root);

/// <summary>Holds the sites of a federation against each other.</summary>
/// <remarks>A link that has no way back is no fault: the way back is the other site's to offer.</remarks>
internal sealed class CrossCheck(ImmutableArray<SiteDocument> documents)
{
    /// <summary>Reports what does not go together. Files with faults of their own are passed over, but others may name them.</summary>
    public void Check(Report report)
    {
        // A file that cannot be read is a site all the same: only its own fault is told, not every link to it.
        var known = documents.Select(document => document.Site?.Id.Value ?? document.Name).ToImmutableSortedSet(StringComparer.Ordinal);
        var sound = documents.Where(document => document.Site is not null).ToList();
        foreach (var document in sound.TakeWhile(_ => !report.IsFull))
        {
            var file = report.For(document.File);
            CheckName(document, sound, file);
            CheckLinks(document.Site!, document, known, file);
            CheckCurrency(document, sound[0], file);
        }
    }

    private static void CheckName(SiteDocument document, List<SiteDocument> sound, Report file)
    {
        var name = document.Site!.Id.Value;
        var line = document.Root!.LineOf("site");
        if (name != document.Name)
        {
            file.Add(line, "site", name, "is not the file's name", $"write site: {document.Name}, or rename the file to {name}.yaml");
        }

        var first = sound.First(other => other.Site!.Id == document.Site.Id);
        if (first != document)
        {
            file.Add(line, "site", name, $"is the site of {first.File} already", "give every site a name of its own");
        }
    }

    private static void CheckLinks(Site site, SiteDocument document, ImmutableSortedSet<string> known, Report file)
    {
        foreach (var to in site.Links.Keys.Where(to => !known.Contains(to.Value)).TakeWhile(_ => !file.IsFull))
        {
            file.Add(document.Root!.LineOf("links", to.Value), $"links.{to}", to.Value, "is no site of this federation",
                $"{Nearest.Advice(to.Value, known)}; add {to}.yaml, or take the link out");
        }
    }

    private static void CheckCurrency(SiteDocument document, SiteDocument first, Report file)
    {
        if (document.Site!.Currency != first.Site!.Currency)
        {
            file.Add(document.Root!.LineOf("currency"), "currency", document.Site.Currency,
                $"is not the {first.Site.Currency} of {first.File}", "write all prices of a federation in one currency");
        }
    }
}
