using System.Globalization;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Which placement came second: the best other one that is one change, or one site, away.</summary>
public static class Alternatives
{
    /// <summary>A line about the best alternative; none if there is none.</summary>
    public static IEnumerable<string> Describe(PlacementProblem problem, Evaluated chosen)
    {
        if (Best(problem, chosen) is not { } second)
        {
            yield break;
        }

        var worse = chosen.Value.Primary > 0 ? (second.Value.Primary - chosen.Value.Primary) / chosen.Value.Primary : 0;
        yield return $"second best: {Shape(problem, second)}, {MigrationDecision.Terms(problem, second.Estimate!.Value)} "
            + $"({(worse * 100).ToString("+0.##;-0.##;+0", CultureInfo.InvariantCulture)} % of the objective)";
    }

    /// <summary>The best feasible placement that uses other sites than the chosen one; null if there is none near.</summary>
    public static Evaluated? Best(PlacementProblem problem, Evaluated chosen)
    {
        Evaluated? best = null;
        foreach (var assignment in Near(problem, chosen.Assignment))
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
