using System.Collections.Immutable;
using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;

namespace Federation.Backtest.Results;

/// <summary>What a backtest found. Compared by reference.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Start">Its first instant.</param>
/// <param name="Days">For how many days applications arrived.</param>
/// <param name="Applications">How many.</param>
/// <param name="Vms">How many VMs they have together.</param>
/// <param name="Currency">What money is in.</param>
/// <param name="Policies">The policies, ours first.</param>
/// <param name="Series">The same over time.</param>
public sealed record BacktestResult(
    string Scenario, int Seed, DateTimeOffset Start, double Days, int Applications, int Vms, string Currency,
    ImmutableArray<PolicyResult> Policies, BacktestSeries Series);

/// <summary>What a backtest found, over time. Compared by reference.</summary>
/// <param name="Days">The end of each day, in days from the start.</param>
/// <param name="CostByPolicy">Each policy's cost up to then, in the order of the policies.</param>
/// <param name="MovesByPolicy">Each policy's moves in that day.</param>
/// <param name="VmsBySite">Under our policy, VMs at each site at the end of each day.</param>
/// <param name="Prices">Each site's lowest price per vCPU and hour at the end of each day.</param>
public sealed record BacktestSeries(
    ImmutableArray<double> Days,
    ImmutableArray<NamedSeries> CostByPolicy,
    ImmutableArray<NamedSeries> MovesByPolicy,
    ImmutableArray<NamedSeries> VmsBySite,
    ImmutableArray<NamedSeries> Prices);

/// <summary>One line of a plot. Compared by reference.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Values">One for each day; null: there is none.</param>
public sealed record NamedSeries(string Name, ImmutableArray<double?> Values);

/// <summary>What one policy came to over a whole backtest.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Hosting">In the federation's currency.</param>
/// <param name="Traffic">In the federation's currency.</param>
/// <param name="Moving">In the federation's currency.</param>
/// <param name="Cost">All three.</param>
/// <param name="GrossSaving">What hosting and traffic cost less than under the policy that never moves.</param>
/// <param name="NetSaving">What everything costs less.</param>
/// <param name="Regret">How much more it costs than under the policy that knows the prices to come, as a share.</param>
/// <param name="Hours">From each application's arrival to its end, all together.</param>
/// <param name="Stretch">Those hours over the work's on the reference core.</param>
/// <param name="PausedHours">How long applications stood because a site was gone.</param>
/// <param name="Moves">VMs' migrations.</param>
/// <param name="ForcedMoves">Those of them that had to be, because staying was not possible.</param>
/// <param name="MovedBytes">What migrations sent.</param>
/// <param name="DowntimeSeconds">How long VMs stood still for them.</param>
/// <param name="Plans">How many plans were carried out.</param>
/// <param name="LosingPlans">Those that were not forced, although they were predicted to gain nothing.</param>
/// <param name="Returns">Moves, not forced, back to a site within the cool-down of leaving it.</param>
/// <param name="Finished">Applications that are done.</param>
/// <param name="Evaluations">How often a plan was asked for.</param>
public sealed record PolicyResult(
    string Policy, string Description, double Hosting, double Traffic, double Moving, double Cost, double GrossSaving, double NetSaving,
    double? Regret, double Hours, double Stretch, double PausedHours, int Moves, int ForcedMoves, double MovedBytes, double DowntimeSeconds,
    int Plans, int LosingPlans, int Returns, int Finished, int Evaluations)
{
    /// <summary>Adds one policy up.</summary>
    /// <param name="world">The world.</param>
    /// <param name="run">What happened, and what it cost.</param>
    /// <param name="never">The same of the policy that never moves.</param>
    /// <param name="hindsight">What the policy that knows the prices costs; null: it did not run.</param>
    /// <param name="cooldownSeconds">The cool-down that returns are counted by.</param>
    public static PolicyResult Of(World world, BilledRun run, BilledRun never, double? hindsight, double cooldownSeconds)
    {
        var (log, total) = (run.Log, run.Total);
        var hours = log.Outcomes.Sum(outcome => ((outcome.Finished ?? world.End) - outcome.Arrival).TotalHours);
        return new(
            log.Policy,
            run.Description,
            total.Hosting,
            total.Traffic,
            total.Moving,
            total.Cost,
            (never.Total.Hosting - total.Hosting) + (never.Total.Traffic - total.Traffic),
            never.Total.Cost - total.Cost,
            hindsight is > 0 ? (total.Cost - hindsight) / hindsight : null,
            hours,
            hours / world.Applications.Sum(application => application.Spec.Remaining.TotalHours),
            log.Outcomes.Sum(outcome => outcome.PausedSeconds) / 3600,
            log.Moves.Length,
            log.Moves.Count(move => move.IsForced),
            log.Moves.Sum(move => move.Bytes),
            log.Moves.Sum(move => move.DowntimeSeconds),
            log.Plans.Length,
            log.Plans.Count(plan => !plan.IsForced && !(plan.PredictedGain > 0)),
            ReturnsWithin(log, cooldownSeconds),
            log.Outcomes.Count(outcome => outcome.Finished is not null),
            log.Evaluations);
    }

    /// <summary>How many moves, not forced, took a VM back to a site within a time of its leaving it.</summary>
    public static int ReturnsWithin(RunLog log, double seconds) => log.Moves
        .GroupBy(move => (move.Application, move.Vm))
        .Sum(vm => vm.Count(back => !back.IsForced && vm.Any(away =>
            away.From.Site == back.To.Site && away.At < back.At && (back.At - away.At).TotalSeconds < seconds)));
}

/// <summary>What happened under a policy, and what it cost. Compared by reference.</summary>
/// <param name="Description">What the policy does.</param>
/// <param name="Log">What happened.</param>
/// <param name="Bills">What each application cost, by number.</param>
public sealed record BilledRun(string Description, RunLog Log, Bill[] Bills)
{
    /// <summary>What all cost together.</summary>
    public Bill Total { get; } = Bills.Aggregate(default(Bill), (sum, bill) => sum + bill);
}
