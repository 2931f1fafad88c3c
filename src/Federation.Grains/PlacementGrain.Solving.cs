using Federation.Domain.Estimation;
using Federation.Domain.Plans;
using Federation.Planning;

namespace Federation.Grains;

/// <summary>What an application's placement works out from the world as it is, without changing anything.</summary>
public sealed partial class PlacementGrain
{
    /// <inheritdoc/>
    public async Task<ParetoFront?> Pareto(PlanRequest request, int points, CancellationToken cancel) =>
        await View(request.Windows ?? policy.Value.TrafficWindows) is { } view
            ? await Task.Run(() => ParetoFront.Of(view, SolverOf(request), OptionsOf(request), points, cancel), cancel)
            : null;

    private async Task<PlacementView?> View(int windows) =>
        await WorldView.Take(GrainFactory, Id, windows, clock) is { } view && view.Application.Id == Id ? policy.Value.In(view) : null;

    // Off the grain's own thread: a solver takes all the processor that it gets.
    private Task<Decision> Decide(PlacementView view, DecisionTrigger trigger, PlanRequest request, PlanDetail detail, CancellationToken cancel)
    {
        var loop = state.State.Loop;
        return Task.Run(
            () => DecisionLoop.Decide(
                policy.Value, loop, view, trigger, seen => Planner.Plan(seen, SolverOf(request), OptionsOf(request) with { Detail = detail }, cancel)),
            cancel);
    }

    private static IPlacementSolver SolverOf(PlanRequest request) =>
        Solvers.Named(request.Solver ?? Solvers.Auto) ?? throw new ArgumentException($"there is no solver {request.Solver}");

    private static SolverOptions OptionsOf(PlanRequest request) =>
        new() { Seed = request.Seed ?? 0, TimeLimit = TimeSpan.FromSeconds(request.TimeLimitSeconds ?? 10) };
}
