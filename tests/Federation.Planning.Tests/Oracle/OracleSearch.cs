using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Plans;

namespace Federation.Planning.Tests.Oracle;

/// <summary>The best placement, found by trying every one; for worlds of a few VMs.</summary>
public sealed class OracleSearch(PlacementView view) : IPlacementSolver
{
    private readonly OracleWorld world = new(view);

    /// <summary>The best placement with its figures; null if none holds all constraints. Ties: the first by VM, then as sites list offers.</summary>
    public (IReadOnlyList<Location> Placement, OraclePlacement Figures)? Best()
    {
        (IReadOnlyList<Location> Placement, OraclePlacement Figures)? best = null;
        foreach (var placement in Placements(0, []))
        {
            if (OracleRules.Violations(world, placement).Count == 0
                && OraclePlacement.Of(world, placement) is { } figures
                && (best is not { } known || Value(placement, figures) < Value(known.Placement, known.Figures)))
            {
                best = (placement, figures);
            }
        }

        return best;
    }

    /// <summary>The objective itself; smaller is better.</summary>
    public Rational Value(IReadOnlyList<Location> placement, OraclePlacement figures) => world.Application.Objective switch
    {
        Objective.Cost => figures.Cost + figures.Preference,
        Objective.Time => figures.TimeSeconds,
        _ => placement.Where((_, vm) => figures.Bills[vm].Hosting > 0).Sum(location => world.OfferAt(location).Vcpus),
    };

    /// <summary>
    /// Answers for its own world. The rest of a run that leaves a site in time is another one, of which it says nothing: so that plans lead to one
    /// placement, which is what it can tell the figures of.
    /// </summary>
    public SolverAnswer Solve(PlacementProblem problem, SolverOptions options, CancellationToken cancel) =>
        problem.View with { CoolingDown = view.CoolingDown } != view ? new(PlanStatus.Unknown, [], null, "another world")
            : Best() is { } best
            ? new(PlanStatus.Optimal, [.. Seats.Of(problem, best.Placement)], Value(best.Placement, best.Figures).ToDouble(), "every one")
            : new(PlanStatus.Infeasible, [], null, "every one");

    private IEnumerable<IReadOnlyList<Location>> Placements(int vm, IReadOnlyList<Location> placed)
    {
        if (vm == world.Application.Vms.Length)
        {
            return [placed];
        }

        var seats =
            from site in view.Sites
            from offer in site.Offers
            let seat = new Location(site.Id, offer.Name)
            where !OracleRules.OfSeat(world, world.Application.Vms[vm], seat).Any()
            select seat;
        return seats.SelectMany(seat => Placements(vm + 1, [.. placed, seat]));
    }
}
