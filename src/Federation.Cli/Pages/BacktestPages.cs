using System.Globalization;
using Federation.Backtest.Results;
using Federation.Cli.Output;

namespace Federation.Cli.Pages;

/// <summary>Backtests, for people.</summary>
internal static class BacktestPages
{
    /// <summary>Policies side by side: money, time, moves.</summary>
    public static Page Compare(BacktestResult result) => new Page()
        .Line($"{result.Scenario}: {Cells.Number(result.Days, 1)} days from {Cells.Instant(result.Start)}, {result.Applications} applications, "
            + $"{result.Vms} VMs, seed {result.Seed.ToString(CultureInfo.InvariantCulture)}")
        .Heading($"Money ({result.Currency})")
        .Add(new Sheet("POLICY", ">HOSTING", ">TRAFFIC", ">MOVING", ">COST", ">GROSS SAVING", ">NET SAVING", ">REGRET").Rows(result.Policies, policy =>
        [
            policy.Policy, Money(policy.Hosting), Money(policy.Traffic), Money(policy.Moving), Money(policy.Cost), Money(policy.GrossSaving),
            Money(policy.NetSaving), policy.Regret is { } regret ? Cells.Percent(regret) : null,
        ]))
        .Heading("Time and moves")
        .Add(new Sheet("POLICY", ">HOURS", ">STRETCH", ">PAUSED HOURS", ">FINISHED", ">MOVES", ">FORCED", ">SENT", ">DOWNTIME", ">LOSING PLANS", ">RETURNS")
            .Rows(result.Policies, policy =>
            [
                policy.Policy, Cells.Number(policy.Hours, 1), Cells.Number(policy.Stretch, 4), Cells.Number(policy.PausedHours, 1),
                Whole(policy.Finished), Whole(policy.Moves), Whole(policy.ForcedMoves), Cells.Bytes(policy.MovedBytes),
                Cells.Seconds(policy.DowntimeSeconds), Whole(policy.LosingPlans), Whole(policy.Returns),
            ]))
        .Bullets("Policies", [.. result.Policies.Select(policy => $"{policy.Policy}: {policy.Description}")]);

    private static string Money(double amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}
