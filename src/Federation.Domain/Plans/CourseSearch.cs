using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Looks for the best course: a placement, with stops where moves wait for each other, or one that is left again in time.</summary>
/// <remarks>
/// First without the ends of reservations and the order of moves. The best of that is no worse than the best with them, and is the best with
/// them where it happens to keep them: usually that is all. Otherwise the best that keeps them competes with what the relaxed one becomes by
/// stops, and with courses that leave in time what closes: the relaxed one's and that of staying until then. The best of all is tried with a part of its VMs at a
/// site that closes, for as long as that is there.
/// </remarks>
internal sealed class CourseSearch(PlacementProblem problem, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
{
    private const double TimeForRelaxed = 0.5;
    private const double TimeForPlain = 0.3;
    private const double TimeForRest = 0.1;

    /// <summary>What is known of the best placement, and the course to it; null if none was found.</summary>
    /// <exception cref="InvalidOperationException">The solver gave a placement that violates a constraint.</exception>
    public (SolverAnswer Answer, Course? Best) Run()
    {
        if (problem.Candidates.Any(seats => seats.IsEmpty))
        {
            return (new(PlanStatus.Infeasible, [], null, "no search: a VM has no place"), null);
        }

        if (AffinityProspects.Against(problem) is not null)
        {
            return (new(PlanStatus.Infeasible, [], null, "no search: a rule of affinity cannot be held"), null);
        }

        if (!HasEnds() && !HasTightRooms())
        {
            var (all, placement) = Solve(problem, 1);
            return (all, placement is null ? null : Course.To(problem, placement));
        }

        var (relaxed, loose) = Solve(problem.Relaxed(), TimeForRelaxed);
        if (relaxed.Status == PlanStatus.Infeasible)
        {
            return (relaxed, null);
        }

        var (answer, best) = loose is not null && Evaluated.Of(problem, loose.Assignment) is { Verdict.IsFeasible: true } kept
            ? (relaxed, Course.To(problem, kept))
            : Compete(relaxed, loose);
        return best is not null && HasEnds() && Detours.Improve(problem, best, Rest) is { } detour
            ? (new(PlanStatus.Feasible, [.. detour.Outcome.Assignment], null, answer.Solver), detour)
            : (answer, best);
    }

    private (SolverAnswer Answer, Course? Best) Compete(SolverAnswer relaxed, Evaluated? loose)
    {
        var (plain, placement) = Solve(problem, TimeForPlain);
        var best = placement is null ? null : Course.To(problem, placement);
        var answer = plain;
        foreach (var (course, bound) in Others(loose, relaxed.Bound))
        {
            if (best is null || course.Outcome.Value.IsBetterThan(best.Outcome.Value))
            {
                (best, answer) = (course, new(PlanStatus.Feasible, [.. course.Outcome.Assignment], bound, plain.Solver));
            }
        }

        return (answer, best);
    }

    // A course that leaves later may fall below the bound of all that stay to the end: nothing is known of it.
    private IEnumerable<(Course Course, double? Bound)> Others(Evaluated? loose, double? bound)
    {
        if (loose is not null && MoveOrder.Find(problem, loose.Assignment) is null && Course.WithStops(problem, loose) is { } stopping)
        {
            yield return (stopping, bound);
        }

        if (loose is not null && Departure.Find(problem, loose, Rest) is { } leaving)
        {
            yield return (leaving, null);
        }

        if (Evaluated.Staying(problem.Relaxed()) is { Verdict.IsFeasible: true } stay && Departure.Find(problem, stay, Rest) is { } waiting)
        {
            yield return (waiting, null);
        }
    }

    private Evaluated? Rest(PlacementProblem rest) => rest.Candidates.Any(seats => seats.IsEmpty) ? null : Solve(rest, TimeForRest).Placement;

    private (SolverAnswer Answer, Evaluated? Placement) Solve(PlacementProblem part, double share)
    {
        var answer = solver.Solve(part, options with { TimeLimit = options.TimeLimit * share }, cancel);
        var placement = answer.Assignment.IsEmpty ? null : Evaluated.Of(part, [.. answer.Assignment]);
        return placement is { Verdict.Refusal: { } broken }
            ? throw new InvalidOperationException($"the solver '{answer.Solver}' gave a placement that violates a constraint: {broken}")
            : (answer, placement);
    }

    private bool HasEnds() => problem.Sites.Any(site => PlacementRules.SecondsAvailable(problem, site) is > 0 and < double.PositiveInfinity);

    // Only VMs that run can be in each other's way.
    private bool HasTightRooms() =>
        problem.CurrentSeats.Any(seat => seat != PlacementProblem.Nowhere)
        && problem.Room.IsScarce;
}
