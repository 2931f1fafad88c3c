using Federation.Domain;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Sites;
using Federation.Files.ApplicationFiles;
using Federation.Files.Kinds;
using Federation.Yaml;

namespace Federation.Files;

/// <summary>Reads and writes the file that describes one application: YAML, or JSON of the same shape.</summary>
public static class ApplicationFile
{
    /// <summary>Reads an application file, and tells all of its faults at once.</summary>
    /// <remarks>Safe on hostile text: one of more than <see cref="Limits.Files.ApplicationBytes"/> is refused unread.</remarks>
    /// <param name="text">The file's text.</param>
    /// <param name="fileName">What to call the file in faults.</param>
    /// <param name="federation">
    /// The sites, by name: then every site and offer that the file names has to be one of them. Null: not checked.
    /// </param>
    public static Parsed<Application> Parse(string text, string fileName, IReadOnlyDictionary<SiteId, Site>? federation = null)
    {
        var report = new Report(fileName);
        var section = Document.Read(text, Limits.Files.ApplicationBytes, ApplicationShapes.Application, report).Section;
        var application = section is null ? null : new ApplicationReader(new PlaceReader(federation)).Read(section);
        return report.Conclude(() => application!);
    }

    /// <summary>
    /// The same application always gives the same text, and <see cref="Parse"/> of it gives an equal application, to the last bit.
    /// </summary>
    /// <remarks>VMs are written one by one, also those that came from the short form.</remarks>
    /// <param name="application">An application that a file could describe: its names and ranges as the file has them.</param>
    public static string ToJson(Application application) => JsonText.Of(application, ApplicationWriter.Write);
}
