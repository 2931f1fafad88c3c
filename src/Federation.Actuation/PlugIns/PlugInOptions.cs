using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Federation.Actuation.PlugIns;

/// <summary>A program of the operator's that is the hypervisor. Holds lists: compared by reference.</summary>
public sealed record PlugInOptions
{
    /// <summary>The program: a path, or a name that is looked for in <c>PATH</c>.</summary>
    [Required]
    public required string Program { get; init; }

    /// <summary>Its arguments.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>What is added to its environment.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long it may take to answer. Default 60 s.</summary>
    [Range(0.001, 86400)]
    public double CallSeconds { get; init; } = 60;

    /// <summary>How long it may take to answer when it is to start a VM or to let one run, which has to live then. Default 600 s.</summary>
    [Range(0.001, 86400)]
    public double RunSeconds { get; init; } = 600;

    /// <summary>How often it is asked what is there while it tells nothing by itself. Default every 2 s.</summary>
    [Range(0.001, 3600)]
    public double FindSeconds { get; init; } = 2;
}
