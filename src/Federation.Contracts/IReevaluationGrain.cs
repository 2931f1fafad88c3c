using System.Collections.Immutable;
using Federation.Domain.Plans;

namespace Federation.Contracts;

/// <summary>Spreads over time that applications look at their placement after a site has changed.</summary>
[Alias("Federation.IReevaluationGrain")]
public interface IReevaluationGrain : IGrainWithIntegerKey
{
    /// <summary>Wants looks; returns before they are done.</summary>
    [Alias("Want")]
    Task Want(ImmutableArray<WantedLook> looks);
}
