using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Federation.Sites;

/// <summary>What reading a file gave: the model, or every fault that is in the way of it. Compared by reference.</summary>
/// <typeparam name="T">The model.</typeparam>
public sealed class Parsed<T>
    where T : class
{
    private Parsed(T? value, ImmutableArray<Fault> faults) => (Value, Faults) = (value, faults);

    /// <summary>The model; null if there is a fault.</summary>
    public T? Value { get; }

    /// <summary>All faults, in the order in which they were found; empty if there is a model.</summary>
    public ImmutableArray<Fault> Faults { get; }

    /// <summary>Whether there is a model, and so no fault.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool IsSound => Value is not null;

    /// <summary>The model, or the faults if the report holds any.</summary>
    internal static Parsed<T> From(Report report, Func<T> model) =>
        report.IsClean ? new(model(), []) : new(null, report.Faults);
}
