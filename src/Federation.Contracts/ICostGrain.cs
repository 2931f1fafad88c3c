using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Costs;
using Federation.Domain.Identity;

namespace Federation.Contracts;

/// <summary>What one life of an application has cost: added up as time passes, with the prices and the traffic of that time.</summary>
[Alias("Federation.ICostGrain")]
public interface ICostGrain : IGrainWithStringKey
{
    /// <summary>Adds up what has passed since it last did. Where that cannot be done now, the next look does it too.</summary>
    [Alias("Look")]
    Task Look();

    /// <summary>Told that a plan has ended: notes its moves, each once.</summary>
    [Alias("PlanEnded")]
    Task PlanEnded(PlanId plan);

    /// <summary>What it has cost, up to now; to the last look where the sites or the traffic cannot be asked.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Get")]
    Task<CostHistory> Get();

    /// <summary>Forgets everything.</summary>
    [Alias("Delete")]
    Task Delete();
}

/// <summary>What an application has cost.</summary>
/// <param name="Currency">Of all sums; empty: there is no site.</param>
/// <param name="Until">Up to when it is added up; null: no VM has run yet.</param>
/// <param name="Slices">The costs, oldest first, as fine as <see cref="CostSpans"/> says.</param>
/// <param name="Moves">VMs that have moved, oldest first, at most <see cref="CostLedger.MostMoves"/>.</param>
[GenerateSerializer, Immutable, Alias("Federation.CostHistory")]
public sealed record CostHistory(
    [property: Id(0)] string Currency,
    [property: Id(1)] DateTimeOffset? Until,
    [property: Id(2)] ImmutableArray<CostSlice> Slices,
    [property: Id(3)] ImmutableArray<MoveMark> Moves);
