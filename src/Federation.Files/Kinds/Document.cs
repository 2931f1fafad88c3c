using Federation.Yaml;
using Federation.Yaml.Shapes;

namespace Federation.Files.Kinds;

/// <summary>Reads a text as a file of one kind, as far as that can be done without knowing what its keys mean.</summary>
internal static class Document
{
    /// <summary>The file's keys, and the whole of it to look lines up in; no section, and one fault, if it is of another kind.</summary>
    public static (Section? Section, YamlNode? Root) Read(string text, int mostBytes, Shape wanted, Report report)
    {
        var root = BinaryFiles.IsText(text, report) ? YamlTree.Read(text, mostBytes, report) : null;
        if (root is null)
        {
            return (null, null);
        }

        var file = new Element(root, root.Line, "", report);
        return (FileKinds.Holds(file, wanted) ? file.AsSection(wanted) : null, root);
    }
}
