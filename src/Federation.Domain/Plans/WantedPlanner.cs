using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Plans a move that somebody wants: the planner with one constraint more, and the reasons that say what it costs or gains.</summary>
internal static class WantedPlanner
{
    /// <summary>Plans it. Whether it pays does not matter; every other constraint does.</summary>
    /// <exception cref="ArgumentException">The view contradicts itself, or there is no such VM or site.</exception>
    public static Plan Plan(PlacementView view, WantedMove wanted, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var problem = new PlacementProblem(view);
        var stay = Evaluated.Staying(new PlacementProblem(view with { Wanted = null }));
        var (answer, best) = new CourseSearch(problem, new FewChoices(solver), options, cancel).Run();
        var draft = new Plan
        {
            Application = view.Application.Id,
            Objective = view.Application.Objective,
            MadeAt = view.Now,
            Wanted = wanted,
            Decision = PlanDecision.Infeasible,
            IsForced = stay is { Verdict.IsFeasible: false },
            Status = answer.Status,
            Bound = answer.Bound,
            Before = stay?.Estimate,
            Why = [],
        };
        return best is null ? Without(draft, problem, wanted, answer) : PlanSteps.Fill(problem, best, PlanDetail.Decision, draft with
        {
            Decision = problem.IsPlaced ? PlanDecision.Migrate : PlanDecision.Place,
            After = best.Outcome.Estimate,
            Why = [AsWanted(problem, wanted), .. Compared(problem, stay, best.Outcome), .. Planner.PriceNotKnown(problem), .. PlanSteps.Remarks(problem, best)],
        });
    }

    private static PlanReason.AsWanted AsWanted(PlacementProblem problem, WantedMove wanted) => new(
        wanted.Vm, wanted.Site, NameList.Of(wanted.Going(problem).Select(vm => problem.View.Application.Vms[vm].Id).Where(vm => vm != wanted.Vm)));

    private static IEnumerable<PlanReason> Compared(PlacementProblem problem, Evaluated? stay, Evaluated outcome)
    {
        if (stay?.Verdict.Refusal is { } refusal)
        {
            yield return new PlanReason.StayingImpossible(refusal);
        }

        if (stay is { Estimate: { } before })
        {
            yield return new PlanReason.WantedChange(
                problem.View.Application.Objective, stay.Value.Primary, outcome.Value.Primary, before, outcome.Estimate!.Value, outcome.Value.IsBetterThan(stay.Value));
            yield return new PlanReason.Costs(PlacementRole.Staying, PlanTerms.Of(problem, before));
        }

        yield return new PlanReason.Costs(PlacementRole.After, PlanTerms.Of(problem, outcome.Estimate!.Value));
    }

    private static Plan Without(Plan draft, PlacementProblem problem, WantedMove wanted, SolverAnswer answer)
    {
        var obstacle = Obstacle(problem, wanted);
        PlanReason why = new PlanReason.WantedImpossible(wanted.Vm, wanted.Site, obstacle);
        return draft with
        {
            Why = answer.Status == PlanStatus.Infeasible ? [why] : [why, new PlanReason.NoneFoundInTime(answer.Solver)],
            Rejected = [new(wanted.Site, obstacle)],
        };
    }

    // What keeps a VM that goes from the site by itself; if nothing does, what the placement with the cheapest place there violates.
    private static Refusal Obstacle(PlacementProblem problem, WantedMove wanted)
    {
        var seats = problem.Seats.Where(seat => seat.Site.Id == wanted.Site).OrderBy(seat => seat.Offer.Price.At(problem.View.Now) ?? decimal.MaxValue).ToList();
        var going = wanted.Going(problem);
        var assignment = problem.CurrentSeats.ToArray();
        foreach (var vm in going)
        {
            if (seats.Find(seat => problem.Candidates[vm].Contains(seat.Index)) is not { } seat)
            {
                // Of several offers the last that is sold speaks for all: what concerns the site alone is the same for each.
                return SeatRules.Check(problem, vm, seats.FindLast(seat => seat.IsSold) ?? seats[^1]).Refusal!;
            }

            assignment[vm] = seat.Index;
        }

        foreach (var vm in Enumerable.Range(0, problem.VmCount).Where(vm => assignment[vm] == PlacementProblem.Nowhere && !problem.Candidates[vm].IsEmpty))
        {
            assignment[vm] = problem.Candidates[vm][0];
        }

        // One that is nowhere, or cannot stay, and has no other place either.
        return problem.Candidates.ToList().FindIndex(seats => seats.IsEmpty) is >= 0 and var stuck
            ? SeatRules.Check(problem, stuck, problem.Seats[Math.Max(problem.CurrentSeats[stuck], 0)]).Refusal!
            : Evaluated.Of(problem, assignment).Verdict.Refusal ?? Refusal.CapacityNoOrder;
    }
}
