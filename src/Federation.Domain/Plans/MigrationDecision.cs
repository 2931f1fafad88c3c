using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;

namespace Federation.Domain.Plans;

/// <summary>Whether the best placement is worth what it takes to get there, and why.</summary>
/// <param name="Takes">Whether to take it; otherwise the VMs stay.</param>
/// <param name="Why">The reasons, the decisive one first.</param>
public sealed record MigrationDecision(bool Takes, ImmutableArray<PlanReason> Why)
{
    /// <summary>What moving gains over staying, in the objective's unit; 0 where it does not have to gain anything.</summary>
    public double Gain { get; init; }

    /// <summary>What the gain has to be more than.</summary>
    public double Needed { get; init; }

    /// <summary>Decides between staying and the best placement known.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stay">Staying; where VMs are nowhere yet, the best placement in which those that run stay; null: none runs, or there is no such placement.</param>
    /// <param name="best">A placement that holds every constraint.</param>
    /// <param name="later">How many VMs move later.</param>
    public static MigrationDecision Between(PlacementProblem problem, Evaluated? stay, Evaluated best, int later = 0)
    {
        var after = best.Estimate!.Value;
        if (stay is null)
        {
            return new(true, [new PlanReason.FirstPlacement(PlanTerms.Of(problem, after))]);
        }

        if (stay.Verdict.Refusal is { } refusal)
        {
            return new(true, [new PlanReason.StayingImpossible(refusal), Costs(PlacementRole.Best, problem, after)]);
        }

        var before = stay.Estimate!.Value;
        if ((later == 0 && best.Assignment.AsSpan().SequenceEqual(stay.Assignment)) || !best.Value.IsBetterThan(stay.Value))
        {
            return new(false, [new PlanReason.NothingBetter(PlanTerms.Of(problem, before))]) { Gain = Math.Min(0, stay.Value.Primary - best.Value.Primary) };
        }

        return Weigh(problem, stay, best, before, after, later);
    }

    private static MigrationDecision Weigh(
        PlacementProblem problem, Evaluated stay, Evaluated best, PlacementEstimate before, PlacementEstimate after, int later)
    {
        var application = problem.View.Application;
        var gain = stay.Value.Primary - best.Value.Primary;
        var threshold = Math.Max(application.Margin, application.PredictionError);
        var needed = Math.Max(threshold * stay.Value.Primary, application.Objective == Objective.Cost ? application.MovingMargin * after.Moving : 0);
        var moves = later + Enumerable.Range(0, problem.VmCount).Count(vm => problem.CurrentSeats[vm] != PlacementProblem.Nowhere && best.Assignment[vm] != stay.Assignment[vm]);
        var worthIt = gain - needed > ObjectiveValue.Tolerance * stay.Value.Primary || FillsBetter(application.Objective, stay.Value, best.Value);
        var limit = needed > threshold * stay.Value.Primary ? new GainLimit(GainLimitKind.Moving, application.MovingMargin, after.Moving)
            : new GainLimit(application.PredictionError > application.Margin ? GainLimitKind.PredictionError : GainLimitKind.Margin, threshold);
        ImmutableArray<PlanReason> why =
        [
            new PlanReason.Gain(application.Objective, stay.Value.Primary, best.Value.Primary, moves, limit, worthIt, application.Objective == Objective.Cost && (before.Preference != 0 || after.Preference != 0)),
            Costs(worthIt ? PlacementRole.Before : PlacementRole.Staying, problem, before),
            Costs(worthIt ? PlacementRole.After : PlacementRole.BestMove, problem, after),
        ];
        return new(worthIt, why) { Gain = gain, Needed = needed };
    }

    private static PlanReason.Costs Costs(PlacementRole of, PlacementProblem problem, PlacementEstimate estimate) => new(of, PlanTerms.Of(problem, estimate));

    // With no paid capacity to save, fewer sites or less stranded capacity are the gain of the objective utilization; a lower bill is not.
    private static bool FillsBetter(Objective objective, ObjectiveValue stay, ObjectiveValue best) =>
        objective == Objective.Utilization && stay.Primary == 0 && (best with { Last = 0 }).IsBetterThan(stay with { Last = 0 });
}
