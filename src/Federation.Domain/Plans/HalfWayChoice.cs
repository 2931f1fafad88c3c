using System.Collections.Immutable;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;

namespace Federation.Domain.Plans;

/// <summary>The ways on from a plan that was done in part.</summary>
public enum HalfWay
{
    /// <summary>Nothing more moves.</summary>
    Stay,

    /// <summary>The rest is done, what failed once more.</summary>
    Finish,

    /// <summary>What was done is taken back.</summary>
    GoBack,
}

/// <summary>One way on.</summary>
/// <param name="Way">Which.</param>
/// <param name="Terms">What it would cost and take from now on; null where that cannot be estimated.</param>
/// <param name="Refusal">Why it is not possible; null if it is.</param>
public sealed record HalfWayOption(HalfWay Way, PlacementEstimate? Terms, Refusal? Refusal);

/// <summary>What was chosen half-way, and between what. Compared by reference.</summary>
/// <param name="Way">The choice.</param>
/// <param name="Trouble">What had gone wrong; null: the plan was cancelled.</param>
/// <param name="Options">All that was compared; the one that stays first.</param>
public sealed record HalfWayChoice(HalfWay Way, Refusal? Trouble, ImmutableArray<HalfWayOption> Options)
{
    /// <summary>
    /// Compares the ways on by the application's objective, from the world and the places as they are now: the best one that holds every
    /// constraint; with none that does, nothing more moves. What was wanted is finished if it can be. Moving on has to be better than staying, by no margin: the margin was beaten
    /// when the plan was made.
    /// </summary>
    /// <param name="saga">The plan, nothing of it running.</param>
    /// <param name="command">Which ways are open.</param>
    /// <param name="view">The world now, each VM where it is.</param>
    /// <param name="isWanted">Whether somebody wanted the move, so that finishing it need not be better.</param>
    public static HalfWayChoice Between(PlanSaga saga, SagaCommand.Weigh command, PlacementView view, bool isWanted = false)
    {
        var problem = new PlacementProblem(view.WithoutQuiet());
        if (!problem.IsPlaced)
        {
            // Some VMs have started and some have not. What runs goes on running, a new plan places the rest, unless that can still be finished.
            var way = command.MayFinish && saga.Trouble?.Kind == RefusalKind.Temporary ? HalfWay.Finish : HalfWay.Stay;
            return new(way, saga.Trouble, [new(HalfWay.Stay, null, null)]);
        }

        var stay = (HalfWay.Stay, Evaluated.Staying(problem)!);
        var ways = ImmutableArray.CreateBuilder<(HalfWay Way, Evaluated? Outcome)>();
        ways.Add(stay);
        if (command.MayFinish)
        {
            ways.Add((HalfWay.Finish, OutcomeOf(problem, Ends(saga, problem))));
        }

        if (command.MayGoBack)
        {
            ways.Add((HalfWay.GoBack, OutcomeOf(problem, Origins(saga))));
        }

        var best = ways[0];
        foreach (var way in ways.Where(way => way.Outcome is { Verdict.IsFeasible: true }))
        {
            best = best.Outcome is not { Verdict.IsFeasible: true } || way.Outcome!.Value.IsBetterThan(best.Outcome.Value) ? way : best;
        }

        if (isWanted && ways.Any(way => way is { Way: HalfWay.Finish, Outcome.Verdict.IsFeasible: true }))
        {
            best = best with { Way = HalfWay.Finish };
        }

        return new(best.Way, saga.Trouble, [.. ways.Select(way => new HalfWayOption(way.Way, way.Outcome?.Estimate, RefusalOf(way.Outcome)))]);
    }

    private static Refusal? RefusalOf(Evaluated? outcome) => outcome is null ? Refusal.CapacityNoOrder : outcome.Verdict.Refusal;

    // Where each VM is after all that is open, in the direction in which the plan goes.
    private static Dictionary<VmId, Location> Ends(PlanSaga saga, PlacementProblem problem)
    {
        var ends = problem.View.Application.Vms.ToDictionary(vm => vm.Id, vm => vm.At!.Value);
        foreach (var step in saga.Steps.Where(step => step.IsBack == saga.GoesBack && step is { State: not StepState.Dropped, To: not null }))
        {
            ends[step.Vm] = step.To!.Value;
        }

        return ends;
    }

    private static Dictionary<VmId, Location> Origins(PlanSaga saga) => saga.Steps.Where(step => step is { IsBack: false, From: not null })
        .GroupBy(step => step.Vm).ToDictionary(steps => steps.Key, steps => steps.First().From!.Value);

    private static Evaluated? OutcomeOf(PlacementProblem problem, Dictionary<VmId, Location> places)
    {
        var seats = problem.Seats.ToDictionary(seat => seat.Location, seat => seat.Index);
        var assignment = new int[problem.VmCount];
        foreach (var (index, vm) in problem.View.Application.Vms.Index())
        {
            if (!seats.TryGetValue(places.TryGetValue(vm.Id, out var place) ? place : vm.At!.Value, out assignment[index]))
            {
                return null;
            }
        }

        return Evaluated.Of(problem, assignment);
    }
}
