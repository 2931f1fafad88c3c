using System.Collections.Immutable;
using Federation.Backtest.Policies;
using Federation.Backtest.Results;
using Federation.Backtest.Runs;
using Federation.Backtest.Scenarios;
using Federation.Backtest.Worlds;
using Federation.Domain.Plans;
using Federation.Planning;

namespace Federation.Backtest;

/// <summary>The one verb: a scenario in, what each policy would have come to out.</summary>
public static class Backtests
{
    /// <summary>Runs every policy through the same world, as many at a time as there are cores.</summary>
    /// <remarks>The same scenario gives the same result, unless a plan takes longer than the solver's time limit.</remarks>
    /// <param name="scenario">The scenario.</param>
    /// <param name="solver">How long a plan may take.</param>
    /// <param name="progress">Told how far each policy is, [0, 1]; from several threads.</param>
    /// <param name="cancel">Gives it up.</param>
    public static BacktestResult Run(
        Scenario scenario, SolverOptions solver, Action<string, double>? progress, CancellationToken cancel)
    {
        var world = new World(scenario);
        var policies = MovingPolicies.For(scenario);
        var runs = new BilledRun[policies.Length];
        var accounts = new Accounts(world);
        var parallel = new ParallelOptions { CancellationToken = cancel, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, policies.Length, parallel, index =>
        {
            var policy = policies[index];
            var log = PolicyRun.Run(world, policy, new AutoSolver(), solver, done => progress?.Invoke(policy.Name, done), cancel);
            runs[index] = new(policy.Description, log, accounts.ByApplication(log));
        });
        return ResultOf(world, [.. runs]);
    }

    private static BacktestResult ResultOf(World world, ImmutableArray<BilledRun> runs)
    {
        var scenario = world.Scenario;
        var never = runs.Single(run => run.Log.Policy == MovingPolicies.Never);
        var hindsight = runs.Single(run => run.Log.Policy == MovingPolicies.Hindsight).Total.Cost;
        return new(
            scenario.Name,
            scenario.Seed,
            scenario.Start,
            scenario.Length.TotalDays,
            world.Applications.Length,
            world.Applications.Sum(application => application.Spec.Vms.Length),
            world.Sites[0].Currency,
            [.. runs.Select(run => PolicyResult.Of(world, run, never, hindsight, scenario.Policy.CooldownSeconds))],
            new SeriesOf(world, runs).Series);
    }
}
