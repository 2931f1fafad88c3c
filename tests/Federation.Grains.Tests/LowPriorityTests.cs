using System.Globalization;
using Shouldly;
using Xunit;

namespace Federation.Grains.Tests;

public sealed class LowPriorityTests
{
    [Fact(Timeout = 60_000)]
    public async Task What_runs_in_the_background_yields_to_the_thread_pool_and_leaves_its_priority_alone()
    {
        var background = new LowPriorityScheduler("test");
        var pool = await Task.Run(Niceness, TestContext.Current.CancellationToken);

        (await background.Run(Niceness)).ShouldBe(Math.Min(pool + LowPriority.Niceness, 19));
        (await Task.Run(Niceness, TestContext.Current.CancellationToken)).ShouldBe(pool);
    }

    [Fact(Timeout = 60_000)]
    public async Task It_runs_one_thing_at_a_time_in_the_order_in_which_they_came_and_a_failure_is_its_own()
    {
        var background = new LowPriorityScheduler("test");
        var (inside, most, order) = (0, 0, new List<int>());
        var runs = Enumerable.Range(0, 200).Select(number => background.Run(() =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            order.Add(number);
            Interlocked.Decrement(ref inside);
            return number % 7 == 0 ? throw new InvalidOperationException("seventh") : number;
        })).ToList();

        foreach (var (run, number) in runs.Select((run, number) => (run, number)))
        {
            (await Outcome(run.WaitAsync(TestContext.Current.CancellationToken))).ShouldBe(number % 7 == 0 ? "seventh" : $"{number}");
        }

        most.ShouldBe(1);
        order.ShouldBe(Enumerable.Range(0, 200));
    }

    private static async Task<string> Outcome(Task<int> run)
    {
        try
        {
            return $"{await run}";
        }
        catch (InvalidOperationException fault)
        {
            return fault.Message;
        }
    }

    // Field 19 of proc(5); the second one, the name, may have spaces in it.
    private static int Niceness()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
