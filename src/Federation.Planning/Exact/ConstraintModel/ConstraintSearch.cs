using Federation.Domain.Plans;
using Federation.Planning.Model;
using Google.OrTools.Sat;

namespace Federation.Planning.Exact.ConstraintModel;

/// <summary>Proves bounds with CP-SAT over an integer model that never says more than the truth, and offers what it finds to the incumbent.</summary>
/// <remarks>See <c>docs/planner.md</c> for the model, and how the product of the bill and the time is bounded in it.</remarks>
internal sealed class ConstraintSearch(CostModel model, Incumbent incumbent, SearchClock clock)
{
    // About how many are made and presolved in a second.
    private const double LiteralsPerSecond = 200_000;

    // A shorter search takes little memory, and giving it back takes a moment.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.5);

    /// <summary>What the primary value cannot fall below; null: nothing was proven.</summary>
    public double? Bound { get; private set; }

    /// <summary>Whether it is proven that no placement holds all constraints and, if one was known before, is better.</summary>
    public bool NothingBetter { get; private set; }

    /// <summary>How it went, for people.</summary>
    public string How { get; private set; } = "";

    /// <summary>Searches until all is proven or the time is over.</summary>
    /// <param name="options">Where chance comes from, and how many threads look.</param>
    /// <param name="repeatable">Whether the same seed has to give the same answer, which costs speed.</param>
    /// <param name="cancel">Ends the search with an <see cref="OperationCanceledException"/>.</param>
    public void Run(SolverOptions options, bool repeatable, CancellationToken cancel)
    {
        if (Literals() > clock.Left.TotalSeconds * LiteralsPerSecond)
        {
            How = "no time for CP-SAT";
            return;
        }

        var before = clock.Left;
        try
        {
            Prove(options, repeatable, cancel);
        }
        finally
        {
            if (before - clock.Left > Long)
            {
                NativeHeap.GiveBack();
            }
        }
    }

    private void Prove(SolverOptions options, bool repeatable, CancellationToken cancel)
    {
        var known = incumbent.Best?.Estimate is { } estimate ? (estimate.TimeSeconds, estimate.Weighed) : ((double, double)?)null;
        var scales = new Scales(model, known);
        var cp = new CpModel();
        var variables = new PlacementVariables(cp, model);
        RoomConstraints.Add(cp, model, variables);
        var goal = Goal.Of(cp, model, scales, variables, TimeConstraints.Add(cp, model, scales, variables));
        cp.Minimize(goal.Expression);
        Hint(cp, variables, goal);
        using var solver = new CpSolver
        {
            StringParameters = FormattableString.Invariant(
                $"max_time_in_seconds:{Math.Max(0.01, clock.Left.TotalSeconds)},num_workers:{options.Threads},random_seed:{options.Seed & 0x7fffffff},interleave_search:{(repeatable ? "true" : "false")}"),
        };
        using var found = new Found(model, variables, incumbent);
        using var stop = cancel.Register(solver.StopSearch);
        var status = solver.Solve(cp, found);
        cancel.ThrowIfCancellationRequested();
        Read(status, solver, goal);
    }

    private void Read(CpSolverStatus status, CpSolver solver, Goal goal)
    {
        How = $"CP-SAT {status.ToString().ToLowerInvariant()}";
        NothingBetter = status == CpSolverStatus.Infeasible;
        Bound = status is CpSolverStatus.Optimal or CpSolverStatus.Feasible or CpSolverStatus.Unknown
            ? goal.Value(solver.BestObjectiveBound)
            : null;
    }

    private double Literals()
    {
        double count = 0;
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            count += model.Candidates[vm].Length;
            foreach (ref readonly var edge in model.Graph.Of(vm))
            {
                count += model.CandidateSites[vm].Length * model.CandidateSites[edge.Vm].Length / 2.0;
            }
        }

        return count;
    }

    private void Hint(CpModel cp, PlacementVariables variables, Goal goal)
    {
        if (incumbent.Best is not { } best)
        {
            return;
        }

        goal.LeaveOutWorse(cp, best.Value.Primary);
        for (var vm = 0; vm < model.VmCount; vm++)
        {
            foreach (var seat in model.Candidates[vm])
            {
                cp.AddHint(variables.Seat[vm, seat]!, seat == best.Assignment[vm]);
            }
        }
    }

    private sealed class Found(CostModel model, PlacementVariables variables, Incumbent incumbent) : CpSolverSolutionCallback
    {
        public override void OnSolutionCallback()
        {
            var assignment = new int[model.VmCount];
            for (var vm = 0; vm < assignment.Length; vm++)
            {
                assignment[vm] = model.Candidates[vm].First(seat => BooleanValue(variables.Seat[vm, seat]!));
            }

            incumbent.Offer(assignment);
        }
    }
}
