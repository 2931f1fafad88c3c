using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Which placement came second: the best move that was not taken, or else the best other placement known.</summary>
/// <param name="problem">The problem.</param>
/// <param name="solver">Who may look for it.</param>
/// <param name="options">How, and how much is wanted.</param>
/// <param name="cancel">Ends the search.</param>
internal sealed class Alternatives(PlacementProblem problem, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
{
    // VMs and pairs that are gone through, over all placements that are looked at.
    private const long MostWork = 2_000_000;

    /// <summary>How much is wanted.</summary>
    public PlanDetail Detail => options.Detail;

    /// <summary>What came second to a course; null if nothing else is known.</summary>
    /// <param name="chosen">The course taken.</param>
    /// <param name="best">The best one known, which is another one where it was not worth its moves.</param>
    /// <param name="why">Why that one was not taken.</param>
    public PlanAlternative? To(Evaluated chosen, Evaluated best, PlanReason why)
    {
        if (!best.Assignment.AsSpan().SequenceEqual(chosen.Assignment))
        {
            return Describe(chosen, best, why);
        }

        return Second(chosen) is { } second
            ? Describe(chosen, second, chosen.Value.IsBetterThan(second.Value) ? new PlanReason.WorseByObjective() : new PlanReason.NoBetter())
            : null;
    }

    private Evaluated? Second(Evaluated chosen)
    {
        var near = Detail == PlanDetail.Decision ? null : Nearest(chosen);
        var stays = problem.IsPlaced && problem.CurrentSeats.AsSpan().SequenceEqual(chosen.Assignment);
        var move = stays && Detail == PlanDetail.Full ? BestMove.Of(problem, solver, options, cancel) : null;
        return near is null || (move is not null && move.Value.IsBetterThan(near.Value)) ? move : near;
    }

    private PlanAlternative Describe(Evaluated chosen, Evaluated second, PlanReason reason) => new(
        Shape(second),
        Enumerable.Range(0, problem.VmCount).Count(vm => problem.Moves(vm, problem.Seats[second.Assignment[vm]])),
        second.Estimate!.Value,
        chosen.Value.Primary > 0 ? (second.Value.Primary - chosen.Value.Primary) / chosen.Value.Primary : null,
        reason);

    private Evaluated? Nearest(Evaluated chosen)
    {
        Evaluated? best = null;
        var work = MostWork / (problem.VmCount + problem.Inflows.Sum(flows => flows.Length));
        foreach (var assignment in Near(chosen.Assignment).Take((int)Math.Max(work, problem.Sites.Length + 2)))
        {
            var candidate = Evaluated.Of(problem, assignment);
            if (candidate.Verdict.IsFeasible && (best is null || candidate.Value.IsBetterThan(best.Value)))
            {
                best = candidate;
            }
        }

        return best;
    }

    // Staying; everything on one site; one group, two groups, or one VM, elsewhere.
    private IEnumerable<int[]> Near(int[] chosen)
    {
        if (problem.IsPlaced && !problem.CurrentSeats.SequenceEqual(chosen))
        {
            yield return [.. problem.CurrentSeats];
        }

        var everyone = Enumerable.Range(0, problem.VmCount).ToArray();
        var index = problem.View.Application.Vms.Select((vm, i) => (vm.Id, i)).ToDictionary(entry => entry.Id, entry => entry.i);
        var groups = problem.View.Groups.Select(group => group.Select(vm => index[vm]).ToArray()).ToList();
        var pairs = groups.SelectMany((first, i) => groups.Skip(i + 1).Select(second => first.Concat(second).ToArray()));
        var parts = groups.Prepend(everyone).Concat(everyone.Select(vm => new[] { vm })).Concat(groups.Count > 2 ? pairs : []);
        foreach (var part in parts)
        {
            for (var site = 0; site < problem.Sites.Length; site++)
            {
                var moved = part.All(vm => problem.Seats[chosen[vm]].SiteIndex == site) ? null : MovedTo(chosen, part, site);
                if (moved is not null)
                {
                    yield return moved;
                }
            }
        }
    }

    private int[]? MovedTo(int[] chosen, int[] part, int site)
    {
        var moved = chosen.ToArray();
        foreach (var vm in part)
        {
            var seat = problem.Candidates[vm].Where(seat => problem.Seats[seat].SiteIndex == site)
                .OrderBy(seat => problem.Seats[seat].Offer.Price.At(problem.View.Now)).Cast<int?>().FirstOrDefault();
            if (seat is not { } cheapest)
            {
                return null;
            }

            moved[vm] = cheapest;
        }

        return moved;
    }

    private string Shape(Evaluated placement) =>
        string.Join(" + ", placement.Assignment.GroupBy(seat => problem.Seats[seat].Location).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} x {group.Key}"));
}
