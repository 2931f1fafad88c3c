using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

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
        var plan = Planned(view, solver, options, cancel);
        return plan with { Why = [.. plan.Why, .. TrafficRemarks.Of(view)] };
    }

    // What somebody asks for is not kept by quiet hours, nor are VMs that cannot stay. Where nothing else keeps every constraint, nobody is.
    private static Plan Planned(PlacementView view, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var hasQuiet = !view.Application.Quiet.IsEmpty;
        var free = view.WithoutQuiet();
        if (view.Wanted is { } wanted)
        {
            return WantedPlanner.Plan(free, wanted, solver, options, cancel);
        }

        if (view.Drain is { } drain)
        {
            return DrainPlanner.Plan(free, drain, solver, options, cancel);
        }

        var plan = Best(hasQuiet ? view with { Restless = [.. Unsettled.Of(new(view), closes: false).Select(vm => view.Application.Vms[vm].Id)] } : view, solver, options, cancel);
        return hasQuiet && plan.Decision == PlanDecision.Infeasible ? Best(free, solver, options, cancel) : plan;
    }

    private static Plan Best(PlacementView view, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        var arrival = Arrival.Of(view, solver, options, cancel);
        var problem = arrival is null ? ProblemOf(view) : new(view with { CoolingDown = arrival.CoolingDown(view) });
        var stay = Evaluated.Staying(problem);
        var (answer, found) = Futures.Find(problem, solver, arrival is null ? options : Arrival.Left(options), cancel);
        var best = found ?? arrival?.Rest;
        var draft = new Plan
        {
            Application = view.Application.Id,
            Objective = view.Application.Objective,
            MadeAt = view.Now,
            Decision = PlanDecision.Infeasible,
            IsForced = stay is { Verdict.IsFeasible: false } || arrival is { Rest: null },
            Status = answer.Status,
            Bound = answer.Bound,
            Gap = best is null ? null : GapOf(best.Outcome.Value.Primary, answer.Bound),
            Before = stay?.Estimate,
            Rejected = best is null ? Rejections.OfAny(problem) : Rejections.OfAll(problem),
            Why = [],
        };
        return best is null ? Without(draft, problem, stay, answer, Decisive)
            : Decide(draft, problem, stay, arrival?.After(problem, best), best, new(problem, solver, options, cancel));

        Refusal? Decisive() => answer.Status == PlanStatus.Infeasible && options.Detail == PlanDetail.Full ? DecisiveRule.Of(problem, solver, options, cancel) : null;
    }

    // What cannot stay where it is moves, however lately it has moved before.
    private static PlacementProblem ProblemOf(PlacementView view)
    {
        var problem = new PlacementProblem(view);
        return view.CoolingDown.IsEmpty || Evaluated.Staying(problem) is not { Verdict.IsFeasible: false }
            ? problem
            : new(view with { CoolingDown = view.CoolingDown.Clear() });
    }

    private static Plan Decide(Plan draft, PlacementProblem problem, Evaluated? stay, Arrival? arrival, Course best, Alternatives alternatives)
    {
        var decision = MigrationDecision.Between(problem, arrival?.Rest?.Outcome ?? stay, best.Outcome, best.LaterMoves);
        var course = decision.Takes ? best : arrival?.Rest ?? Course.To(problem, stay!);
        var second = alternatives.To(course.Outcome, best.Outcome, decision.Why[0]);
        return PlanSteps.Fill(problem, course, alternatives.Detail, draft with
        {
            Alternative = second,
            Decision = !problem.IsPlaced ? PlanDecision.Place
                : decision.Takes || draft.IsForced ? PlanDecision.Migrate : PlanDecision.Stay,
            // Those that can stay move for gain, though others cannot.
            IsForced = draft.IsForced && !(problem.IsPlaced && decision.Takes && arrival is { Rest: not null, MakesRoom: false }),
            After = course.Outcome.Estimate,
            Why =
            [
                .. arrival?.Why(problem, course, decision) ?? decision.Why, .. PriceNotKnown(problem), .. PlanSteps.Remarks(problem, course),
                .. second is null ? Array.Empty<PlanReason>()
                    : [new PlanReason.SecondBest(second.Summary, PlanTerms.Of(problem, second.Terms), course.Outcome.Estimate!.Value, second.Worse)],
            ],
        });
    }

    private static Plan Without(Plan draft, PlacementProblem problem, Evaluated? stay, SolverAnswer answer, Func<Refusal?> decisive)
    {
        PlanReason why = answer.Status == PlanStatus.Infeasible ? new PlanReason.NoPlacement() : new PlanReason.NoneFoundInTime(answer.Solver);
        PlanReason[] others =
        [
            why, .. stay?.Verdict.Refusal is { } refusal ? [new PlanReason.StayingImpossible(refusal, IsLastWay: true)] : Array.Empty<PlanReason>(), .. PriceNotKnown(problem),
        ];
        if (decisive() is not { } rule)
        {
            return draft with { Why = [.. others] };
        }

        // Where VMs have to be divided over sites, or to change places, it is no reason that a site could not hold all of them.
        return draft with
        {
            Why = [new PlanReason.OneRuleForbids(rule), .. others],
            Rejected = rule.Code is RefusalCode.CapacityNoOrder or RefusalCode.AffinityApart or RefusalCode.AffinityCrowded or RefusalCode.AffinityTooFewSites
                ? [.. draft.Rejected.Where(rejection => !(rejection.Refusal.Arguments.Affected < rejection.Refusal.Arguments.Among))]
                : draft.Rejected,
        };
    }

    /// <summary>Where VMs run for a price that nobody knows now, if they do.</summary>
    internal static IEnumerable<PlanReason> PriceNotKnown(PlacementProblem problem)
    {
        var places = problem.CurrentSeats.Where(seat => seat != PlacementProblem.Nowhere && problem.Seats[seat].Offer.Price.At(problem.View.Now) is null)
            .Distinct().Order().Select(seat => problem.Seats[seat].Location).ToList();
        return places.Count == 0 ? [] : [new PlanReason.PriceNotKnown(NameList.Of(places))];
    }

    private static double? GapOf(double value, double? bound) =>
        bound is not { } known ? null : value == known ? 0 : Math.Max(0, (value - known) / Math.Max(Math.Abs(value), double.Epsilon));
}
