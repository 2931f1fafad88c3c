using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;

namespace Federation.Domain.Plans;

/// <summary>One placement of a front: none of the others is both cheaper and quicker. Holds a collection: compared by reference.</summary>
/// <param name="Terms">What it costs, its moves included, and how long the application runs under it.</param>
/// <param name="Status">What is known of it: optimal, if no cheaper placement is as quick.</param>
/// <param name="Moves">How many running VMs migrate to get there.</param>
/// <param name="Placement">Each VM's location, in the application's order.</param>
public sealed record ParetoPoint(PlacementEstimate Terms, PlanStatus Status, int Moves, ImmutableArray<Location> Placement);
