using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Federation.Domain;

namespace Federation.Yaml;

/// <summary>One thing wrong in a file, where it is and what would be right; fit to show to a user.</summary>
/// <param name="File">The file, as it was named to the parser.</param>
/// <param name="Line">The line, from 1; 0 where the fault has none (a folder, a missing file).</param>
/// <param name="Key">The path of the key, such as <c>offers[0].memory</c>; empty: the file as a whole.</param>
/// <param name="Value">What stands there, shortened if it is long; null if nothing does or it is no single value.</param>
/// <param name="Problem">What is wrong with it.</param>
/// <param name="Remedy">What would be right.</param>
public sealed record Fault(string File, int Line, string Key, string? Value, string Problem, string Remedy)
{
    /// <summary>One line: <c>rennes.yaml:7: offers[0].memory: '16 parsecs' has an unknown unit; write e.g. 16GiB</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}" : File;
        var key = Key.Length > 0 ? $" {Key}:" : "";
        var value = Value is null ? "" : $" '{Value}'";
        return $"{place}:{key}{value} {Problem}; {Remedy}";
    }
}

/// <summary>What reading a file gave: the model, or every fault that is in the way of it. Compared by reference.</summary>
/// <typeparam name="T">The model.</typeparam>
public sealed class Parsed<T>
    where T : class
{
    internal Parsed(T? value, ImmutableArray<Fault> faults) => (Value, Faults) = (value, faults);

    /// <summary>The model; null if there is a fault.</summary>
    public T? Value { get; }

    /// <summary>All faults, in the order in which they were found; empty if there is a model.</summary>
    public ImmutableArray<Fault> Faults { get; }

    /// <summary>Whether there is a model, and so no fault.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsSound => Value is not null;
}

/// <summary>Collects the faults of one reading, so that all of them are told at once; of very many the first <see cref="Limits.Files.Faults"/>.</summary>
/// <param name="file">The file that faults are reported against.</param>
public sealed class Report(string file)
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

    /// <summary>Whether more is wrong than is told: whoever reads a list need not go on.</summary>
    public bool IsFull => faults.Count > Limits.Files.Faults;

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool IsClean => Count == 0;

    /// <summary>All faults so far, each once.</summary>
    public ImmutableArray<Fault> Faults => [.. faults.Distinct()];

    /// <summary>The same report, against a file that this one refers to.</summary>
    public Report For(string otherFile) => new(otherFile, faults);

    /// <summary>Notes a fault.</summary>
    public void Add(int line, string key, string? value, string problem, string remedy) =>
        Add(new Fault(file, line, Shortened(key), value is null ? null : Shortened(value), problem, remedy));

    /// <summary>Takes over the faults of another reading.</summary>
    public void AddAll(IEnumerable<Fault> others)
    {
        foreach (var fault in others)
        {
            Add(fault);
        }
    }

    /// <summary>Ends the reading: the model, or all faults if there is any.</summary>
    /// <param name="model">Gives the model; called only if there is no fault.</param>
    public Parsed<T> Conclude<T>(Func<T> model)
        where T : class => IsClean ? new(model(), []) : new(null, Faults);

    // The last one says that there are more.
    private void Add(Fault fault)
    {
        if (!IsFull)
        {
            faults.Add(faults.Count < Limits.Files.Faults
                ? fault
                : fault with { Key = "", Value = null, Problem = $"has more than {Limits.Files.Faults} faults", Remedy = "correct those first" });
        }
    }

    private static string Shortened(string text)
    {
        var head = text.Length > LongestValue ? text[..(LongestValue - 3)] + "..." : text;
        return string.Concat(head.Select(c => char.IsControl(c) ? ' ' : c));
    }
}
