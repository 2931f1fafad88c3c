using System.Reflection;
using System.Xml.Linq;

namespace Federation.Architecture.Tests;

/// <summary>The projects of this checkout, as their files describe them.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Path.GetFullPath(typeof(SourceTree).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "Root").Value!);

    /// <summary>Every project under a folder, by name.</summary>
    public static SortedDictionary<string, XDocument> ProjectsIn(string folder) => new(
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), XDocument.Load),
        StringComparer.Ordinal);

    /// <summary>What a project includes of a kind of item, each by its bare name.</summary>
    public static string[] Includes(this XDocument project, string item) =>
        [.. project.Descendants(item).Select(element => Path.GetFileNameWithoutExtension(element.Attribute("Include")!.Value))];
}
