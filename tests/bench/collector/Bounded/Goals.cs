namespace Federation.Collector.Bench.Bounded;

/// <summary>What one run of a disturbance cost the others.</summary>
internal sealed record RunRow(
    double ReadP50, double ReadP99, double ReadMax, double HealthP99, double HealthMax, double IngestP99, double IngestMax, double PlanP95, int Plans, double? Done, long Lost)
{
    public const string Heading = "| run | reads p50 | p99 | max | health p99 | max | ingest p99 | max | other's plan p95 | plans | work done, s | silos lost |";

    public static RunRow Of(Answers answers, double? done, long lost)
    {
        var (reads, health, ingest, plans) = (answers.Took(Call.Read, Call.ReadSites), answers.Took(Call.Health), answers.Took(Call.Ingest), answers.Took(Call.OtherPlan));
        return new(
            At(reads, 0.5), At(reads, 0.99), At(reads, 1), At(health, 0.99), At(health, 1), At(ingest, 0.99), At(ingest, 1), At(plans, 0.95), plans.Count, done, lost);
    }

    /// <summary>The worst of each.</summary>
    public static RunRow Worst(IReadOnlyCollection<RunRow> runs) => new(
        runs.Max(run => run.ReadP50), runs.Max(run => run.ReadP99), runs.Max(run => run.ReadMax), runs.Max(run => run.HealthP99), runs.Max(run => run.HealthMax),
        runs.Max(run => run.IngestP99), runs.Max(run => run.IngestMax), runs.Max(run => run.PlanP95), runs.Min(run => run.Plans),
        runs.Any(run => run.Done is null) ? null : runs.Max(run => run.Done), runs.Max(run => run.Lost));

    /// <summary>As a row of a table; milliseconds but where it says seconds.</summary>
    public string Line(string name) => Figures.Line(
        $"| {name} | {ReadP50:0} | {ReadP99:0} | {ReadMax:0} | {HealthP99:0} | {HealthMax:0} | {IngestP99:0} | {IngestMax:0} | {PlanP95:0} | {Plans} | {(Done is { } done ? Figures.Line($"{done:0.0}") : "not done")} | {Lost} |");

    /// <summary>Each goal with whether it is met.</summary>
    public IEnumerable<(string Goal, bool IsMet)> Goals(double? seconds)
    {
        yield return ("reads p99 < 250 ms", ReadP99 < 250);
        yield return ("/health/ready < 500 ms", HealthMax < 500);
        yield return ("ingest p99 < 1 s", IngestP99 < 1000);
        yield return ("other tenant's plan p95 < 2 s", PlanP95 < 2000);
        yield return ("no silo lost", Lost == 0);
        if (seconds is { } limit)
        {
            yield return (Figures.Line($"done within {limit:0} s"), Done <= limit);
        }
    }

    // One that nobody asked for is no good figure: it shows as infinite.
    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.PositiveInfinity : sorted.At(share);
}
