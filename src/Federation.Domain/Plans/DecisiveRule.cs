using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Plans;

/// <summary>Finds the one rule without which an application would have a placement.</summary>
/// <remarks>
/// What stops each site is seldom the reason where sites could hold a part of the application each: then the reason is a rule over all of them.
/// The problem is solved without each rule in turn, and what the best placement without it breaks is told.
/// </remarks>
internal static class DecisiveRule
{
    // Of the time for the plan, for each rule.
    private const double TimeShare = 0.1;

    /// <summary>The rule, and how it is broken by the best placement without it; null: no single rule was found to forbid all placements.</summary>
    public static Refusal? Of(PlacementProblem problem, IPlacementSolver solver, SolverOptions options, CancellationToken cancel)
    {
        if (AffinityProspects.Against(problem) is { } affinity)
        {
            return affinity;
        }

        var limited = options with { TimeLimit = options.TimeLimit * TimeShare };
        foreach (var without in Without(problem).Where(part => part.Candidates.All(seats => !seats.IsEmpty)))
        {
            var answer = solver.Solve(without, limited, cancel);
            if (!answer.Assignment.IsEmpty && Against(problem, [.. answer.Assignment]) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Against(PlacementProblem problem, int[] assignment) => Evaluated.Of(problem, assignment).Verdict.Refusal switch
    {
        { Code: RefusalCode.CapacityNoOrder } => Refusal.CapacityNoOrderOf(MoveOrder.Stuck(problem, assignment).Select(vm => problem.View.Application.Vms[vm].Id)),
        var refusal => refusal,
    };

    // The same seats in each, so that an answer of one can be held against the others.
    private static IEnumerable<PlacementProblem> Without(PlacementProblem problem)
    {
        var (view, application) = (problem.View, problem.View.Application);
        if (!problem.IsRelaxed)
        {
            yield return problem.Relaxed();
        }

        if (!application.Together.IsEmpty || !application.Apart.IsEmpty)
        {
            yield return new(view with { Application = application with { Together = [], Apart = [] } });
        }

        if (double.IsFinite(PlacementRules.TimeLimitSeconds(problem)))
        {
            // The quickest says how far the limit is from what can be.
            yield return new(view with { Application = application with { Objective = Objective.Time, Deadline = null } });
        }

        if (application.Budget is not null)
        {
            yield return new(view with { Application = application with { Objective = Objective.Cost, Budget = null, Prefer = [] } });
        }

        if (application.BudgetPerHour is not null)
        {
            yield return new(view with { Application = application with { Objective = Objective.Cost, BudgetPerHour = null, Prefer = [] } });
        }

        if (!application.Without.IsEmpty)
        {
            yield return new(view with { Application = application with { Without = [] } });
        }

        yield return new(view with { Sites = [.. view.Sites.Select(Roomy)] });
        if (application.Vms.Any(vm => vm.Sites is not null))
        {
            yield return new(view with { Application = application with { Vms = [.. application.Vms.Select(vm => vm with { Sites = null })] } });
        }
    }

    private static Site Roomy(Site site) => site with { Capacity = null, Quotas = [], Offers = [.. site.Offers.Select(offer => offer with { Available = null })] };
}
