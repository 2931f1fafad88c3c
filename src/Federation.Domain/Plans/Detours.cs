using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Improves a course by letting some of its VMs be at a site that closes for as long as it is there.</summary>
/// <remarks>Takes the best of all such detours, as long as one is an improvement: none is left that would be one.</remarks>
internal static class Detours
{
    // Beyond, single VMs are not tried, and what is left of the run goes where it would have gone without the detour.
    private const int MostVmsAlone = 32;
    private const int MostVmsToSolve = 8;
    private const int MostParts = 20;

    /// <summary>The best course by detours from a course; null if none is better.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="course">The course.</param>
    /// <param name="solve">Who places the rest of the run; null if nobody can.</param>
    public static Course? Improve(PlacementProblem problem, Course course, Func<PlacementProblem, Evaluated?> solve)
    {
        Course? best = null;
        var relaxed = problem.Relaxed();
        while (From(problem, relaxed, best ?? course, solve) is { } better)
        {
            best = better;
        }

        return best;
    }

    private static Course? From(PlacementProblem problem, PlacementProblem relaxed, Course course, Func<PlacementProblem, Evaluated?> solve)
    {
        Course? best = null;
        var last = course.Departure?.Assignment ?? course.Outcome.Assignment;
        foreach (var assignment in Around(problem, course.Outcome.Assignment))
        {
            var first = Evaluated.Of(relaxed, assignment);
            var found = first.Verdict.IsFeasible
                ? Departure.Find(problem, first, rest => problem.VmCount <= MostVmsToSolve ? solve(rest) : Evaluated.Of(rest, last))
                : null;
            if (found is not null && found.Outcome.Value.IsBetterThan((best ?? course).Outcome.Value))
            {
                best = found;
            }
        }

        return best;
    }

    private static IEnumerable<int[]> Around(PlacementProblem problem, int[] assignment)
    {
        var everyone = Enumerable.Range(0, problem.VmCount).ToArray();
        var index = problem.View.Application.Vms.Select((vm, i) => (vm.Id, i)).ToDictionary(entry => entry.Id, entry => entry.i);
        var parts = problem.View.Groups.Select(group => group.Select(vm => index[vm]).ToArray()).Prepend(everyone).Take(MostParts)
            .Concat(problem.VmCount <= MostVmsAlone ? everyone.Select(vm => new[] { vm }) : []);
        return
            from part in parts
            from site in Enumerable.Range(0, problem.Sites.Length)
            where PlacementRules.SecondsAvailable(problem, problem.Sites[site]) is > 0 and < double.PositiveInfinity
            let moved = MovedTo(problem, assignment, part, site)
            where moved is not null
            select moved;
    }

    // Each VM to the cheapest of its candidates there; null if one has none, or nothing changes.
    private static int[]? MovedTo(PlacementProblem problem, int[] assignment, int[] part, int site)
    {
        var moved = assignment.ToArray();
        foreach (var vm in part.Where(vm => problem.Seats[assignment[vm]].SiteIndex != site))
        {
            var seat = problem.Candidates[vm].Where(seat => problem.Seats[seat].SiteIndex == site)
                .OrderBy(seat => problem.Seats[seat].Offer.Price.At(problem.View.Now)).Cast<int?>().FirstOrDefault();
            if (seat is not { } cheapest)
            {
                return null;
            }

            moved[vm] = cheapest;
        }

        return moved.AsSpan().SequenceEqual(assignment) ? null : moved;
    }
}
