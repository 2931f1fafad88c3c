using System.Diagnostics;

namespace Federation.Collector.Bench.Bounded;

/// <summary>What each disturbance costs the others: so many runs of one after another on one federation.</summary>
internal static class BoundedRun
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <summary>Runs disturbances, each on a federation of its own.</summary>
    /// <returns>Whether all goals were met.</returns>
    public static async Task<bool> Run(string letters, int runs, Scale scale)
    {
        var met = true;
        foreach (var letter in letters)
        {
            met &= await Run(Disturbance.Of(letter, scale), runs);
        }

        return met;
    }

    private static async Task<bool> Run(Disturbance disturbance, int runs)
    {
        Figures.Print($"({disturbance.Letter}) {disturbance.What}, {runs} times");
        await using var world = await World.Start();
        var began = Stopwatch.GetTimestamp();
        await disturbance.Prepare(world);
        await using var background = await Background.Start(world);
        Figures.Print(Figures.Line($"  ready after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; {Warm.TotalSeconds:0} s to get warm"));
        await Task.Delay(Warm, TimeProvider.System);
        Figures.Print($"  undisturbed: {Summary(background.Exchange())}");
        Figures.Print(RunRow.Heading);
        var rows = new List<RunRow>();
        for (var run = 1; run <= runs && (rows.Count == 0 || rows[^1].Lost == 0); run++)
        {
            rows.Add(await Run(disturbance, world, background, run));
        }

        var worst = RunRow.Worst(rows);
        Figures.Print(worst.Line($"worst of {rows.Count}"));
        var goals = worst.Goals(disturbance.GoalSeconds).ToList();
        Figures.Print($"({disturbance.Letter}) {string.Join("; ", goals.Select(goal => $"{goal.Goal}: {(goal.IsMet ? "met" : "MISSED")}"))}; resident MiB {world.Memory()}");
        return rows.Count == runs && goals.All(goal => goal.IsMet);
    }

    private static async Task<RunRow> Run(Disturbance disturbance, World world, Background background, int number)
    {
        background.Exchange();
        var (answers, began) = (background.Answers, Stopwatch.GetTimestamp());
        var did = await disturbance.Do(world, answers);
        if (Shortest - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, TimeProvider.System);
        }

        background.Exchange();
        await answers.Drain();
        var row = RunRow.Of(answers, did.Seconds, await world.Lost());
        Figures.Print(row.Line($"{number}"));
        Figures.Print($"    {did.Did}; {Summary(answers)}");
        await Task.Delay(Rest, TimeProvider.System);
        return row;
    }

    /// <summary>Answers by kind and outcome.</summary>
    public static string Summary(Answers answers) => string.Join("; ", answers.Ended.GroupBy(answer => answer.Kind).OrderBy(kind => kind.Key)
        .Select(kind => $"{kind.Key} (p99 {answers.Took(kind.Key).At(0.99):0} ms): {string.Join(", ", kind.GroupBy(answer => answer.Outcome).OrderByDescending(outcome => outcome.Count()).Select(outcome => $"{outcome.Count()} x {outcome.Key}"))}"));
}
