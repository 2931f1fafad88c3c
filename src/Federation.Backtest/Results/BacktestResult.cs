using System.Collections.Immutable;

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
