using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Estimation;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>Whether the best placement is worth what it takes to get there, and why.</summary>
/// <param name="Takes">Whether to take it; otherwise the VMs stay.</param>
/// <param name="Why">The reasons, for people.</param>
public sealed record MigrationDecision(bool Takes, ImmutableArray<string> Why)
{
    /// <summary>What moving gains over staying, in the objective's unit; 0 where it does not have to gain anything.</summary>
    public double Gain { get; init; }

    /// <summary>What the gain has to be more than.</summary>
    public double Needed { get; init; }

    /// <summary>Decides between staying and the best placement known.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="stay">Staying; null if a VM is nowhere yet.</param>
    /// <param name="best">A placement that holds every constraint.</param>
    public static MigrationDecision Between(PlacementProblem problem, Evaluated? stay, Evaluated best)
    {
        var after = best.Estimate!.Value;
        if (stay is null)
        {
            return new(true, [$"first placement: {Terms(problem, after)}"]);
        }

        if (stay.Verdict.Refusal is { } refusal)
        {
            return new(true, [$"staying is not possible: {RefusalText.Of(refusal)}", $"the best placement: {Terms(problem, after)}"]);
        }

        var before = stay.Estimate!.Value;
        if (best.Assignment.AsSpan().SequenceEqual(stay.Assignment) || !best.Value.IsBetterThan(stay.Value))
        {
            return new(false, [$"nothing is better than staying: {Terms(problem, before)}"]) { Gain = Math.Min(0, stay.Value.Primary - best.Value.Primary) };
        }

        return Weigh(problem, stay, best, before, after);
    }

    private static MigrationDecision Weigh(
        PlacementProblem problem, Evaluated stay, Evaluated best, PlacementEstimate before, PlacementEstimate after)
    {
        var application = problem.View.Application;
        var gain = stay.Value.Primary - best.Value.Primary;
        var threshold = Math.Max(application.Margin, application.PredictionError);
        var needed = Math.Max(threshold * stay.Value.Primary, application.Objective == Objective.Cost ? application.MovingMargin * after.Moving : 0);
        var share = stay.Value.Primary > 0 ? gain / stay.Value.Primary : 0;
        var moves = best.Assignment.Zip(stay.Assignment).Count(pair => pair.First != pair.Second);
        var summary = $"{Name(application.Objective)} {Number(stay.Value.Primary)} by staying, {Number(best.Value.Primary)} after "
            + $"{moves} {(moves == 1 ? "migration" : "migrations")}: a gain of {Number(gain)} ({Percent(share)})";
        var worthIt = gain - needed > ObjectiveValue.Tolerance * stay.Value.Primary || FillsBetter(application.Objective, stay.Value, best.Value);
        var limit = needed > threshold * stay.Value.Primary
                ? $"{Number(application.MovingMargin)} times the {Number(after.Moving)} that moving costs"
            : application.PredictionError > application.Margin
                ? $"the error of the predictions, {Percent(threshold)}"
            : $"the margin of {Percent(threshold)}";
        ImmutableArray<string> why = worthIt
            ? [$"{summary}, more than {limit}", $"before: {Terms(problem, before)}", $"after: {Terms(problem, after)}"]
            : [$"{summary}, not more than {limit}", $"staying: {Terms(problem, before)}", $"the best move: {Terms(problem, after)}"];
        return new(worthIt, why) { Gain = gain, Needed = needed };
    }

    /// <summary>An estimate's terms on one line.</summary>
    public static string Terms(PlacementProblem problem, PlacementEstimate estimate) =>
        $"cost {Number(estimate.Cost)} {CurrencyOf(problem)} (hosting {Number(estimate.Hosting)}, traffic {Number(estimate.Traffic)}, "
        + $"moving {Number(estimate.Moving)}), time {Number(estimate.TimeSeconds)} s, utilization {Percent(estimate.Utilization)}";

    // With no paid capacity to save, fewer sites or less stranded capacity are the gain of the objective utilization; a lower bill is not.
    private static bool FillsBetter(Objective objective, ObjectiveValue stay, ObjectiveValue best) =>
        objective == Objective.Utilization && stay.Primary == 0 && (best with { Last = 0 }).IsBetterThan(stay with { Last = 0 });

    private static string Name(Objective objective) => objective switch
    {
        Objective.Cost => "cost",
        Objective.Time => "time",
        _ => "paid vCPUs",
    };

    private static string CurrencyOf(PlacementProblem problem) => problem.Sites[0].Currency;

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
