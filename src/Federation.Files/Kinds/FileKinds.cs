using System.Collections.Immutable;
using Federation.Yaml;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.Kinds;

/// <summary>A kind of file that somebody may give where another one is wanted.</summary>
/// <param name="Name">What it is, with its article.</param>
/// <param name="Goes">What to do with it.</param>
/// <param name="Keys">The keys at its beginning that tell it.</param>
internal sealed record FileKind(string Name, string Goes, params ImmutableArray<string> Keys);

/// <summary>Recognises a file that is of another kind than the one wanted, so that one fault says so instead of one for each of its keys.</summary>
internal static class FileKinds
{
    private const int LongestKey = 30;

    private static readonly ImmutableArray<FileKind> OfDocuments =
    [
        new("an answer of the service about an application", "write its file with 'fedctl app get NAME -o yaml'", "application", "spec"),
        new("an answer of the service about a site", "write its file with 'fedctl site get NAME -o yaml'", "site", "spec"),
        new("an answer of the service about a VM", "give the file that describes its application", "application", "vm", "epoch"),
        new("a plan", "'fedctl apply PLAN' carries one out by its name", "application", "decision"),
    ];

    private static readonly ImmutableArray<FileKind> All =
    [
        new("a site file", "give it to 'fedctl site apply -f' or 'fedctl validate --sites'", "site", "offers"),
        new("a site file", "give it to 'fedctl site apply -f' or 'fedctl validate --sites'", "site", "network"),
        new("an application file", "give it to 'fedctl app apply -f' or 'fedctl validate --app'", "application", "vms"),
        new("an application file", "give it to 'fedctl app apply -f' or 'fedctl validate --app'", "application", "objective"),
        new("a scenario", "give it to 'fedctl simulate'", "scenario"),
        new("the file of a sensor", "give it to 'fedctl sensor run --config'", "sensor", "capture"),
        new("the file of a host's agent", "give it to 'fedctl host run --config'", "host", "tokenFile"),
        new("a JSON schema", "name it in the first line of a file, for editors", "$schema", "definitions"),
        new("a manifest of Kubernetes", "describe the VMs in a file of this project's form", "apiVersion", "kind"),
        new("a file of Compose", "describe the VMs in a file of this project's form", "services"),
        new("a problem that a service told", "give the file that it is about", "title", "status"),
    ];

    /// <summary>Whether a document is of the wanted kind as far as can be told; false: it is not, and a fault says what it is.</summary>
    /// <param name="file">The whole document.</param>
    /// <param name="wanted">The shape of the file that is wanted; its first key is the file's name for itself.</param>
    public static bool Holds(Element file, Shape wanted)
    {
        if (file.Node is YamlNode.Sequence { Items: [YamlNode.Mapping, ..] } list)
        {
            file.Refuse($"is a list of {list.Items.Length}", $"give one file for each: it begins with '{wanted.Keys[0].Name}:'");
            return false;
        }

        if (file.Node is YamlNode.Scalar text && Rows(text.Text))
        {
            file.Report.Add(file.Line, "", null, "is a table of comma-separated values", $"give {Named(wanted)}");
            return false;
        }

        return file.Node is not YamlNode.Mapping { Entries.IsEmpty: false } mapping || IsWanted(file, mapping, wanted);
    }

    private static bool IsWanted(Element file, YamlNode.Mapping mapping, Shape wanted)
    {
        var keys = mapping.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var own = wanted.Keys[0].Name;
        var kind = OfDocuments.FirstOrDefault(kind => kind.Keys.All(keys.Contains))
            ?? (keys.Contains(own) ? null : All.FirstOrDefault(kind => kind.Keys.All(keys.Contains)));
        if (kind is not null)
        {
            file.Report.Add(mapping.LineOf(kind.Keys[0]), "", null, $"is {kind.Name}, not {Named(wanted)}", kind.Goes);
        }
        else if (PolicyAlone(keys))
        {
            file.Report.Add(mapping.Entries[0].Line, "", null, $"is the policy of a site alone, not {Named(wanted)}", "write it below 'policy:' in the site's file");
        }
        else if (!wanted.Keys.Any(key => keys.Contains(key.Name)) && !keys.Any(key => Nearest.Near(key, wanted.Keys.Select(known => known.Name)) is not null))
        {
            file.Report.Add(mapping.Entries[0].Line, "", null, $"has no key of {Named(wanted)}: it has {Nearest.Listed([.. keys.Select(Plain)])}",
                $"give {Named(wanted)}: its keys are {Nearest.Listed([.. wanted.Keys.Select(key => key.Name)])}");
        }
        else
        {
            return true;
        }

        return false;
    }

    // A hostile file must not be echoed at length.
    private static string Plain(string key) => string.Concat((key.Length > LongestKey ? key[..LongestKey] + "..." : key).Select(c => char.IsControl(c) ? ' ' : c));

    private static bool PolicyAlone(HashSet<string> keys) =>
        keys.SetEquals(["policy"]) || keys.IsSubsetOf(SiteFiles.SiteShapes.Policy.Keys.Select(key => key.Name));

    private static string Named(Shape wanted) => wanted.Name.StartsWith('a') ? $"an {wanted.Name} file" : $"a {wanted.Name} file";

    // YAML reads lines without a colon as one text.
    private static bool Rows(string text) => text.Count(c => c == ',') >= 2 && !text.Contains(": ", StringComparison.Ordinal);
}
