using System.Collections.Immutable;
using Federation.Backtest.Runs;
using Federation.Backtest.Worlds;
using Federation.Domain.Identity;

namespace Federation.Backtest.Results;

/// <summary>Spreads what happened over steps of time.</summary>
internal sealed class SeriesOf
{
    private const int MostSteps = 240;

    private readonly World world;
    private readonly Accounts accounts;
    private readonly double stepDays;
    private readonly int steps;

    public SeriesOf(World world, ImmutableArray<BilledRun> runs)
    {
        (this.world, accounts) = (world, new(world));
        var last = runs.Max(run => run.Log.Stays.Length == 0 ? world.Scenario.End : run.Log.Stays.Max(stay => stay.Until));
        var days = Math.Max(DaysTo(last), world.Scenario.Length.TotalDays);
        stepDays = days <= 5 ? 1.0 / 24 : days <= MostSteps / 4 ? 0.25 : Math.Ceiling(days / MostSteps);
        steps = (int)Math.Ceiling(days / stepDays);
        Series = new(
            [.. Enumerable.Range(1, steps).Select(step => step * stepDays)],
            [.. runs.Select(run => new NamedSeries(run.Log.Policy, Cost(run.Log)))],
            [.. runs.Select(run => new NamedSeries(run.Log.Policy, Moves(run.Log)))],
            [.. world.Sites.Select(site => new NamedSeries(site.Id.Value, Vms(runs[0].Log, site.Id)))],
            [.. world.Sites.Select(site => new NamedSeries(site.Id.Value, Prices(site.Id)))]);
    }

    /// <summary>Everything over time.</summary>
    public BacktestSeries Series { get; }

    private double DaysTo(DateTimeOffset instant) => (instant - world.Scenario.Start).TotalDays;

    private ImmutableArray<double?> Cost(RunLog log)
    {
        var sums = new double[steps];
        foreach (var stay in log.Stays)
        {
            Spread(sums, accounts.Of(stay).Cost, stay.From, stay.Until);
        }

        foreach (var stretch in log.Work)
        {
            Spread(sums, accounts.Of(stretch).Cost, stretch.From, stretch.Until);
        }

        foreach (var move in log.Moves)
        {
            Spread(sums, accounts.Of(move).Cost, move.At, move.At);
        }

        double total = 0;
        return [.. sums.Select(sum => (double?)(total += sum))];
    }

    private ImmutableArray<double?> Moves(RunLog log)
    {
        var counts = new double[steps];
        foreach (var move in log.Moves)
        {
            counts[StepOf(DaysTo(move.At))]++;
        }

        return [.. counts.Select(count => (double?)count)];
    }

    private ImmutableArray<double?> Vms(RunLog log, SiteId site)
    {
        var counts = new double[steps];
        foreach (var stay in log.Stays.Where(stay => stay.At.Site == site))
        {
            for (var step = StepOf(DaysTo(stay.From)); step < steps && (step + 1) * stepDays < DaysTo(stay.Until); step++)
            {
                counts[step]++;
            }
        }

        return [.. counts.Select(count => (double?)count)];
    }

    private ImmutableArray<double?> Prices(SiteId id) => [.. Enumerable.Range(1, steps).Select(step =>
        (double?)world.Site(id).Offers.Min(offer => offer.Price.At(world.Scenario.Start.AddDays(step * stepDays)) / offer.Vcpus))];

    private int StepOf(double days) => Math.Clamp((int)(days / stepDays), 0, steps - 1);

    private void Spread(double[] sums, double amount, DateTimeOffset from, DateTimeOffset until)
    {
        var (begin, end) = (DaysTo(from), DaysTo(until));
        for (var step = StepOf(begin); step <= StepOf(end); step++)
        {
            var (low, high) = (Math.Max(begin, step * stepDays), step == steps - 1 ? end : Math.Min(end, (step + 1) * stepDays));
            sums[step] += end > begin ? amount * Math.Max(0, high - low) / (end - begin) : amount;
        }
    }
}
