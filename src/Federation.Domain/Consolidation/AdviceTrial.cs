using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;

namespace Federation.Domain.Consolidation;

/// <summary>What advised moves to other sites would do to their application.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Refusal">Why its owner is not asked for it; null: he is.</param>
public sealed record AdviceTrial(Plan Plan, Refusal? Refusal)
{
    // Rounding is no harm.
    private const double Tolerance = 1e-9;

    /// <summary>Plans the moves and weighs them: nobody pays for an advice, and nobody's run gets longer by more than his harm limit.</summary>
    /// <param name="view">The world, with the moves.</param>
    /// <param name="plan">Makes a plan of a view.</param>
    public static AdviceTrial Of(PlacementView view, Func<PlacementView, Plan> plan)
    {
        var (made, application) = (plan(view), view.Application);
        var leaving = view.Drain!.Elsewhere;
        if (leaving.Any(vm => made.Placement.FirstOrDefault(placed => placed.Vm == vm)?.Location.Site is not { } site || site == view.Drain.Site))
        {
            return new(made, Refusal.AdviceNowhere(view.Drain.Site, leaving));
        }

        if (made is not { Before: { } before, After: { } after })
        {
            return new(made, null);
        }

        var longest = before.TimeSeconds * (1 + application.HarmLimit);
        return new(made, after.Cost > before.Cost * (1 + Tolerance) ? Refusal.AdviceHarms(application.Id, "cost", before.Cost, after.Cost)
            : after.TimeSeconds > longest * (1 + Tolerance) ? Refusal.AdviceHarms(application.Id, "time in seconds", longest, after.TimeSeconds)
            : null);
    }
}
