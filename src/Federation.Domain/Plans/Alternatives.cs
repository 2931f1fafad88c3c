using System.Globalization;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Which placement came second: the best move that was not taken, or else the best other placement that is one change away.</summary>
internal static class Alternatives
{
    // VMs and pairs that are gone through, over all placements that are looked at.
    private const long MostWork = 2_000_000;

    /// <summary>What came second to a course; null if nothing else is known.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="chosen">The course taken.</param>
    /// <param name="best">The best one known, which is another one where it was not worth its moves.</param>
    /// <param name="why">Why that one was not taken.</param>
    public static PlanAlternative? Of(PlacementProblem problem, Evaluated chosen, Evaluated best, string why)
    {
        if (!best.Assignment.AsSpan().SequenceEqual(chosen.Assignment))
        {
            return Describe(problem, chosen, best, why);
        }

        return Nearest(problem, chosen) is { } second
            ? Describe(problem, chosen, second, chosen.Value.IsBetterThan(second.Value) ? "it is worse by the objective" : "it is no better, ties go to what is there")
            : null;
    }

    /// <summary>A line about it, with what it would change term by term.</summary>
    public static string Line(PlacementProblem problem, PlacementEstimate chosen, PlanAlternative second) =>
        $"second best: {second.Summary}, {MigrationDecision.Terms(problem, second.Terms)}; hosting {Signed(second.Terms.Hosting - chosen.Hosting)}, "
        + $"traffic {Signed(second.Terms.Traffic - chosen.Traffic)}, moving {Signed(second.Terms.Moving - chosen.Moving)}, "
        + $"time {Signed(second.Terms.TimeSeconds - chosen.TimeSeconds)} s"
        + (second.Worse is { } share ? $": {Signed(share * 100)} % of the objective" : "");

    private static string Signed(double difference) => difference.ToString("+0.####;-0.####;+0", CultureInfo.InvariantCulture);

    private static PlanAlternative Describe(PlacementProblem problem, Evaluated chosen, Evaluated second, string reason) => new(
        Shape(problem, second),
        Enumerable.Range(0, problem.VmCount).Count(vm => problem.Moves(vm, problem.Seats[second.Assignment[vm]])),
        second.Estimate!.Value,
        chosen.Value.Primary > 0 ? (second.Value.Primary - chosen.Value.Primary) / chosen.Value.Primary : null,
        reason);

    private static Evaluated? Nearest(PlacementProblem problem, Evaluated chosen)
    {
        Evaluated? best = null;
        var work = MostWork / (problem.VmCount + problem.Inflows.Sum(flows => flows.Length));
        foreach (var assignment in Near(problem, chosen.Assignment).Take((int)Math.Max(work, problem.Sites.Length + 2)))
        {
            var candidate = Evaluated.Of(problem, assignment);
            if (candidate.Verdict.IsFeasible && (best is null || candidate.Value.IsBetterThan(best.Value)))
            {
                best = candidate;
            }
        }

        return best;
    }

    // Staying; everything on one site; one group, or one VM, elsewhere.
    private static IEnumerable<int[]> Near(PlacementProblem problem, int[] chosen)
    {
        if (problem.IsPlaced && !problem.CurrentSeats.SequenceEqual(chosen))
        {
            yield return [.. problem.CurrentSeats];
        }

        var everyone = Enumerable.Range(0, problem.VmCount).ToArray();
        var index = problem.View.Application.Vms.Select((vm, i) => (vm.Id, i)).ToDictionary(entry => entry.Id, entry => entry.i);
        var parts = problem.View.Groups.Select(group => group.Select(vm => index[vm]).ToArray())
            .Prepend(everyone).Concat(everyone.Select(vm => new[] { vm }));
        foreach (var part in parts)
        {
            for (var site = 0; site < problem.Sites.Length; site++)
            {
                var moved = part.All(vm => problem.Seats[chosen[vm]].SiteIndex == site) ? null : MovedTo(problem, chosen, part, site);
                if (moved is not null)
                {
                    yield return moved;
                }
            }
        }
    }

    private static int[]? MovedTo(PlacementProblem problem, int[] chosen, int[] part, int site)
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

    private static string Shape(PlacementProblem problem, Evaluated placement) =>
        string.Join(" + ", placement.Assignment.GroupBy(seat => problem.Seats[seat].Location).OrderBy(group => group.Key)
            .Select(group => $"{group.Count()} x {group.Key}"));
}
