using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Federation.Storage;

/// <summary>The SQL that is built into this assembly: one folder per dialect, in it <c>Schema</c> and <c>Queries</c>.</summary>
internal static class SqlText
{
    private const string NameMark = "-- name: ";

    /// <summary>The scripts that make up a dialect's schema, by version: the number that starts the file's name.</summary>
    public static IReadOnlyList<SchemaScript> Schema(string dialect) =>
        [.. typeof(SqlText).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"{dialect}/Schema/", StringComparison.Ordinal))
            .Select(name => new SchemaScript(VersionIn(name), NameIn(name), Resource(name)))
            .OrderBy(script => script.Version)];

    /// <summary>The queries in one file, by the names that <c>-- name:</c> lines give to what follows them.</summary>
    public static FrozenDictionary<string, string> Queries(string dialect, string file)
    {
        var queries = new Dictionary<string, StringBuilder>();
        StringBuilder? query = null;
        foreach (var line in Resource($"{dialect}/Queries/{file}.sql").Split('\n'))
        {
            if (line.StartsWith(NameMark, StringComparison.Ordinal))
            {
                queries.Add(line[NameMark.Length..].Trim(), query = new StringBuilder());
            }
            else
            {
                query?.Append(line).Append('\n');
            }
        }

        return queries.ToFrozenDictionary(entry => entry.Key, entry => entry.Value.ToString().Trim());
    }

    /// <summary>One file whole, by its name below the dialect's folder, without the ending.</summary>
    public static string Text(string dialect, string file) => Resource($"{dialect}/{file}.sql");

    private static int VersionIn(string resource) =>
        int.Parse(resource.Split('/')[^1].Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture);

    private static string NameIn(string resource) => Path.GetFileNameWithoutExtension(resource.Split('/')[^1])[5..];

    private static string Resource(string name)
    {
        using var stream = typeof(SqlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no SQL named {name}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>One version of a schema.</summary>
/// <param name="Version">Counts from 1; 0 is the table of versions itself.</param>
/// <param name="Name">What it brought, such as <c>audit</c>.</param>
/// <param name="Text">Its statements.</param>
internal sealed record SchemaScript(int Version, string Name, string Text)
{
    private const string UpgradeMark = "-- upgrade from ";

    /// <summary>The oldest version whose rows code can rewrite for this one, while the service stands still; null: no row has to be rewritten.</summary>
    public int? UpgradesFrom => Text.StartsWith(UpgradeMark, StringComparison.Ordinal)
        ? int.Parse(Text.AsSpan(UpgradeMark.Length, Text.IndexOf(':', StringComparison.Ordinal) - UpgradeMark.Length), NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    /// <summary>For people: <c>5 (identity)</c>.</summary>
    public override string ToString() => $"{Version} ({Name})";
}
