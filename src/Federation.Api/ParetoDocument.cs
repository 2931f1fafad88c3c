using System.Collections.Immutable;
using Federation.Domain.Plans;

namespace Federation.Api;

/// <summary>Cost against time, as <c>fedctl plan --pareto -o json</c> and the API give it. Times in seconds, money in the federation's currency, unrounded.</summary>
/// <param name="Application">Whose placements.</param>
/// <param name="MadeAt">The moment that they were looked for.</param>
/// <param name="Staying">The terms of staying; null if a VM is nowhere yet, or staying breaks a constraint.</param>
/// <param name="Points">The cheapest first, each quicker than the one before; empty if no placement was found.</param>
public sealed record ParetoDocument(
    string Application, DateTimeOffset MadeAt, PlanDocument.Terms? Staying, ImmutableArray<ParetoDocument.Point> Points)
{
    /// <summary>The document of a front.</summary>
    public static ParetoDocument Of(ParetoFront front) => new(
        front.Application.Name,
        front.MadeAt,
        PlanDocument.Terms.Of(front.Staying),
        [.. front.Points.Select(point => new Point(
            PlanDocument.Terms.Of(point.Terms)!, point.Status, point.Moves,
            [.. front.Vms.Zip(point.Placement, (vm, at) => new PlacedVm(vm.Value, at.Site.Value, at.Offer))]))]);

    /// <summary>One placement: its terms, what is known of it, how many VMs migrate, and where each VM is, in the application's order.</summary>
    public sealed record Point(PlanDocument.Terms Terms, PlanStatus Status, int Moves, ImmutableArray<PlacedVm> Placement);

    /// <summary>One VM's location.</summary>
    public sealed record PlacedVm(string Vm, string Site, string Offer);
}
