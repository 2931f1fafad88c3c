using Federation.Domain.Sites;
using Federation.Sites.Yaml;

namespace Federation.Sites.Directories;

/// <summary>One file of a federation's folder.</summary>
/// <param name="File">The path.</param>
/// <param name="Name">The file's name without folder and extension: what the site has to be called.</param>
/// <param name="Site">The site; null if the file has faults of its own.</param>
/// <param name="Root">The file's mapping, to look lines up in; null if it is none.</param>
internal sealed record SiteDocument(string File, string Name, Site? Site, YamlNode.Mapping? Root);
