using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Sites;
using Federation.Files;
using Federation.Yaml;

namespace Federation.Portal.Watching;

/// <summary>A place in an edited text and what is wrong or odd there.</summary>
/// <param name="Line">From 1; 0: it is about the text as a whole.</param>
/// <param name="Column">From 1; 0 where the line is.</param>
/// <param name="Text">What stands there, what is wrong with it and what would be right.</param>
public readonly record struct TextRemark(int Line, int Column, string Text);

/// <summary>A site's file as somebody has edited it, held against what is in force. Compared by reference.</summary>
/// <param name="Text">The file.</param>
/// <param name="Site">What it says; null: it has faults.</param>
/// <param name="Faults">What is in the way of it, by line.</param>
/// <param name="Odd">What is allowed and hardly meant, by line.</param>
/// <param name="Changes">What is different from what is in force, by key.</param>
/// <param name="Outside">The VMs that are there and could not come any more; they would stay until a plan moves them.</param>
public sealed record PolicyDraft(
    string Text, Site? Site, ImmutableArray<TextRemark> Faults, ImmutableArray<TextRemark> Odd, ImmutableArray<FieldChange> Changes, ImmutableArray<OutsideVm> Outside)
{
    /// <summary>The file of what is in force, which gives no change.</summary>
    public static string FileOf(SiteStatus inForce) => SiteFile.ToYaml(inForce.Site);

    /// <summary>Reads an edited file.</summary>
    /// <param name="text">The file, YAML or JSON.</param>
    /// <param name="inForce">What it is to replace.</param>
    /// <param name="others">The sites of the federation, for what is odd between two of them.</param>
    /// <param name="now">The time.</param>
    public static PolicyDraft Read(string text, SiteStatus inForce, IReadOnlyCollection<Site> others, DateTimeOffset now)
    {
        var parsed = SiteFile.Parse(text, $"{inForce.Site.Id}.yaml");
        var lines = text.Split('\n');
        if (parsed.Value is not { } site)
        {
            return Faulty(text, parsed.Faults.Select(fault => Remark(lines, fault.Line, fault.Key, fault.Value, fault.Problem, fault.Remedy)));
        }

        var keys = KeyLines.Of(text, Limits.Files.SiteBytes);
        if (site.Id != inForce.Site.Id)
        {
            return Faulty(text, [Remark(lines, keys.LineOf("site"), "site", site.Id.Value, $"is not {inForce.Site.Id}, which is edited", "keep the name; another site has a file of its own")]);
        }

        var odd = Warnings.Of(site, others).Select(warning => Remark(lines, keys.LineOf(warning.Key), warning.Key, warning.Value, warning.Problem, warning.Remedy));
        return new(text, site, [], ByLine(odd), FileDifference.Between(inForce.Site, site), inForce.Ledger.Outside(site, now));
    }

    private static PolicyDraft Faulty(string text, IEnumerable<TextRemark> faults) => new(text, null, ByLine(faults), [], [], []);

    private static ImmutableArray<TextRemark> ByLine(IEnumerable<TextRemark> remarks) => [.. remarks.OrderBy(remark => (remark.Line, remark.Column))];

    private static TextRemark Remark(string[] lines, int line, string key, string? value, string problem, string remedy) => new(
        line, line is > 0 && line <= lines.Length ? ColumnOf(lines[line - 1], key, value) : 0,
        $"{(key.Length > 0 ? $"{key}: " : "")}{(value is null ? "" : $"'{value}' ")}{problem}; {remedy}");

    // Readers know lines. On the line it is the value behind its key, else the key, else where the line begins to say something.
    private static int ColumnOf(string line, string key, string? value)
    {
        var name = key[(key.LastIndexOfAny(['.', ']']) + 1)..];
        var at = name.Length > 0 ? line.IndexOf(name, StringComparison.Ordinal) : -1;
        var said = value is { Length: > 0 } ? line.IndexOf(value, at < 0 ? 0 : at, StringComparison.Ordinal) : -1;
        return 1 + (said >= 0 ? said : at >= 0 ? at : line.Length - line.TrimStart().Length);
    }
}
