using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Planning.Pareto;

/// <summary>One placement of a front: none of the others is both cheaper and quicker. Holds a collection: compared by reference.</summary>
/// <param name="Cost">cost(p), in the federation's currency.</param>
/// <param name="TimeSeconds">time(p), in seconds.</param>
/// <param name="Status">What is known of it: optimal, if no cheaper placement is as quick.</param>
/// <param name="Placement">Each VM's location, in the application's order.</param>
public sealed record ParetoPoint(double Cost, double TimeSeconds, PlanStatus Status, ImmutableArray<Location> Placement);
