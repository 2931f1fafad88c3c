using System.Collections.Immutable;

namespace Federation.Sites;

/// <summary>Collects the faults of one reading, so that all of them are told at once.</summary>
/// <param name="file">The file that faults are reported against.</param>
internal sealed class Report(string file)
{
    /// <summary>A hostile file must not be echoed at length.</summary>
    private const int LongestValue = 80;

    private readonly List<Fault> faults = [];

    private Report(string file, List<Fault> faults)
        : this(file) => this.faults = faults;

    /// <summary>The file that faults are reported against.</summary>
    public string File => file;

    /// <summary>How often something was found wrong so far.</summary>
    public int Count => faults.Count;

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool IsClean => Count == 0;

    /// <summary>All faults so far, each once.</summary>
    public ImmutableArray<Fault> Faults => [.. faults.Distinct()];

    /// <summary>The same report, against a file that this one refers to.</summary>
    public Report For(string otherFile) => new(otherFile, faults);

    /// <summary>Notes a fault.</summary>
    public void Add(int line, string key, string? value, string problem, string remedy) =>
        faults.Add(new Fault(file, line, Shortened(key), value is null ? null : Shortened(value), problem, remedy));

    /// <summary>Takes over the faults of another reading.</summary>
    public void AddAll(IEnumerable<Fault> others) => faults.AddRange(others);

    private static string Shortened(string text)
    {
        var head = text.Length > LongestValue ? text[..(LongestValue - 3)] + "..." : text;
        return string.Concat(head.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
