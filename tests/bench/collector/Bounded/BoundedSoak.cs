using System.Diagnostics;

namespace Federation.Collector.Bench.Bounded;

/// <summary>All disturbances at once on one federation for a long time: memory of each silo every minute, each answer a yes or a no with its reason.</summary>
internal static class BoundedSoak
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    /// <returns>Whether all silos live and all answers were a yes or a reason.</returns>
    public static async Task<bool> Run(TimeSpan time, Scale scale)
    {
        await using var world = await World.Start();
        var disturbances = "abcde".Select(letter => Disturbance.Of(letter, scale)).ToList();
        foreach (var disturbance in disturbances)
        {
            await disturbance.Prepare(world);
        }

        await using var background = await Background.Start(world);
        using var over = new CancellationTokenSource(time, TimeProvider.System);
        // Prices change one after another; what is of other kinds goes on beside that.
        var work = Task.WhenAll(
            Turns(world, background, disturbances.Where(disturbance => disturbance is PriceChange), over.Token),
            Task.WhenAll(disturbances.Where(disturbance => disturbance is not PriceChange).Select(disturbance => Turns(world, background, [disturbance], over.Token))));
        var all = new Dictionary<(Call, Ending, string), int>();
        var began = Stopwatch.GetTimestamp();
        while (!over.IsCancellationRequested && await world.Lost() == 0)
        {
            await Task.Delay(Minute, TimeProvider.System, CancellationToken.None);
            Print(background.Exchange(), Stopwatch.GetElapsedTime(began), world, all);
        }

        await over.CancelAsync();
        await work;
        var last = background.Exchange();
        await last.Drain();
        Print(last, Stopwatch.GetElapsedTime(began), world, all);
        return Conclude(all, await world.Lost());
    }

    private static bool Conclude(Dictionary<(Call Kind, Ending Ending, string Outcome), int> all, long lost)
    {
        foreach (var (what, count) in all.OrderBy(entry => entry.Key.Kind).ThenBy(entry => entry.Key.Ending).ThenByDescending(entry => entry.Value))
        {
            Figures.Print($"{what.Kind} | {what.Ending switch { Ending.Yes => "yes", Ending.Reason => "a reason", _ => "ANYTHING ELSE" }} | {what.Outcome} | {count}");
        }

        var other = all.Where(entry => entry.Key.Ending == Ending.Else).Sum(entry => entry.Value);
        Figures.Print($"{all.Values.Sum()} requests, {other} of them answered with neither yes nor a reason; {lost} silos lost");
        return other == 0 && lost == 0;
    }

    private static async Task Turns(World world, Background background, IEnumerable<Disturbance> disturbances, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var disturbance in disturbances)
            {
                await disturbance.Do(world, background.Answers);
                await Task.Delay(Rest, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static void Print(Answers answers, TimeSpan at, World world, Dictionary<(Call, Ending, string), int> all)
    {
        foreach (var answer in answers.Ended)
        {
            var key = (answer.Kind, answer.Ending, answer.Outcome);
            all[key] = all.GetValueOrDefault(key) + 1;
        }

        Figures.Print(RunRow.Of(answers, null, 0).Line(Figures.Line($"{at.TotalMinutes:0} min")));
        Figures.Print($"    MiB resident {world.Memory()}; {answers.Ended.Count} answers");
    }
}
