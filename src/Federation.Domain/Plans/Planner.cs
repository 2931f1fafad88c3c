using System.Collections.Immutable;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>The one verb: a view of the world in, a plan out. First placement, migration, stay and infeasible all come from here.</summary>
public static class Planner
{
    /// <summary>Plans an application's placement.</summary>
    /// <param name="view">The world at one moment.</param>
    /// <param name="solver">Who looks for the best placement.</param>
    /// <param name="options">How long and how it looks.</param>
    /// <param name="cancel">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">The view contradicts itself: see <see cref="PlacementProblem"/>.</exception>
    public static Plan Plan(PlacementView view, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var problem = ProblemOf(view);
        var answer = problem.Candidates.Any(seats => seats.IsEmpty)
            ? new SolverAnswer(PlanStatus.Infeasible, [], null, "no search: a VM has no place")
            : solver.Solve(problem, options, cancel);
        var stay = Evaluated.Staying(problem);
        var best = answer.Assignment.IsEmpty ? null : Evaluated.Of(problem, [.. answer.Assignment]);
        if (best is { Verdict.Reason: { } broken })
        {
            throw new InvalidOperationException($"the solver '{answer.Solver}' gave a placement that violates a constraint: {broken}");
        }

        var draft = new Plan
        {
            Application = view.Application.Id,
            Objective = view.Application.Objective,
            MadeAt = view.Now,
            Decision = PlanDecision.Infeasible,
            IsForced = stay is { Verdict.IsFeasible: false },
            Status = answer.Status,
            Bound = answer.Bound,
            Gap = best is null ? null : GapOf(best.Value.Primary, answer.Bound),
            Before = stay?.Estimate,
            Rejected = best is null ? Rejections.OfAny(problem) : Rejections.OfAll(problem),
            Why = [],
        };
        return best is null ? Without(draft, stay, answer) : Decide(draft, problem, stay, best);
    }

    // What cannot stay where it is moves, however lately it has moved before.
    private static PlacementProblem ProblemOf(PlacementView view)
    {
        var problem = new PlacementProblem(view);
        return view.CoolingDown.IsEmpty || Evaluated.Staying(problem) is not { Verdict.IsFeasible: false }
            ? problem
            : new(view with { CoolingDown = view.CoolingDown.Clear() });
    }

    private static Plan Decide(Plan draft, PlacementProblem problem, Evaluated? stay, Evaluated best)
    {
        var decision = MigrationDecision.Between(problem, stay, best);
        var chosen = decision.Takes ? best : stay!;
        return draft with
        {
            Decision = !decision.Takes ? PlanDecision.Stay
                : problem.IsPlaced ? PlanDecision.Migrate : PlanDecision.Place,
            After = chosen.Estimate,
            Placement = PlacementOf(problem, chosen),
            Steps = StepsOf(problem, chosen),
            Why = [.. decision.Why, .. Alternatives.Describe(problem, chosen)],
        };
    }

    private static Plan Without(Plan draft, Evaluated? stay, SolverAnswer answer)
    {
        var why = ImmutableArray.CreateBuilder<string>();
        why.Add(answer.Status == PlanStatus.Infeasible
            ? "no placement holds all constraints; each site's first obstacle is listed"
            : $"no placement was found in time ({answer.Solver}); that does not prove that there is none");
        if (stay?.Verdict.Reason is { } reason)
        {
            why.Add($"staying is not possible either: {reason}");
        }

        return draft with { Why = why.ToImmutable() };
    }

    private static double? GapOf(double value, double? bound) =>
        bound is not { } known ? null : value == known ? 0 : Math.Max(0, (value - known) / Math.Max(Math.Abs(value), double.Epsilon));

    private static ImmutableArray<PlannedVm> PlacementOf(PlacementProblem problem, Evaluated chosen)
    {
        var time = chosen.Estimate!.Value.TimeSeconds;
        return [.. problem.View.Application.Vms.Select((vm, index) => new PlannedVm(
            vm.Id,
            problem.Seats[chosen.Assignment[index]].Location,
            PlacementEstimator.Bill(problem, chosen.Assignment, index, time)!.Value))];
    }

    private static ImmutableArray<MigrationStep> StepsOf(PlacementProblem problem, Evaluated chosen) =>
        [.. MoveOrder.Find(problem, chosen.Assignment)!.Value.Select(vm => new MigrationStep(
            problem.View.Application.Vms[vm].Id,
            problem.Seats[problem.CurrentSeats[vm]].Location,
            problem.Seats[chosen.Assignment[vm]].Location,
            problem.Migration(vm, problem.Seats[chosen.Assignment[vm]])!.Value))];
}
