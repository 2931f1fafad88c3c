using System.Collections.Concurrent;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;

namespace Federation.Scenarios.Cluster;

/// <summary>Sensors that send window after window and people who look, all the time, each going to another silo when one does not answer.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Vms = 4;

    // A day: what a query of it takes is well within the callers' patience, on a slow machine too.
    private const int PerQuery = 24 * 60 * 2;

    private readonly CancellationTokenSource done = new();
    private readonly ConcurrentDictionary<string, int> answered = new();
    private readonly Window newest = Window.LastClosed(TimeProvider.System.GetUtcNow());
    private readonly Caller[] callers;
    private readonly Task[] work;
    private readonly int[] rounds = new int[6];

    /// <summary>Starts it against an application <c>load</c> that is there already.</summary>
    public Load(ThreeSites sites)
    {
        // Each begins at another silo.
        callers = [.. Enumerable.Range(0, 6).Select(first => new Caller([.. Enumerable.Range(0, 3).Select(i => sites.Silos[(first + i) % 3])]))];
        work = [.. callers.Select((caller, i) => Task.Run(() => i < Vms ? Report(caller, i + 1) : Look(caller, i)))];
    }

    /// <summary>The application, as a file: four VMs that stay where they are placed.</summary>
    public const string Application = """
        application: load
        tenant: astro
        objective: cost
        remaining: 20h
        vms: { count: 4, prefix: vm, firstAddress: 10.42.0.1, vcpus: 2, memory: 4GiB, dirtyRate: 20MB/s }
        """;

    /// <summary>Runs something that interrupts the service, and waits until every caller has been answered since.</summary>
    /// <returns>The longest that a caller was out, of all calls that were under way then or came later, until all had been through; and what it met.</returns>
    public async Task<(TimeSpan Longest, string Met)> Outage(Func<Task> interrupt)
    {
        foreach (var caller in callers)
        {
            caller.Forget();
        }

        await interrupt();
        await AnsweredAll(times: 3);
        var worst = callers.MaxBy(caller => caller.Longest)!;
        return (worst.Longest, worst.Met);
    }

    /// <summary>Runs something that interrupts writing alone.</summary>
    /// <returns>The longest that somebody who only looks was out meanwhile, and after how long every window that had waited was taken.</returns>
    public async Task<(TimeSpan Look, TimeSpan Write)> WritingOutage(Func<Task> interrupt)
    {
        foreach (var caller in callers)
        {
            caller.Forget();
        }

        await interrupt();
        var looked = callers.Skip(Vms).Max(caller => caller.Longest);
        var back = TimeProvider.System.GetTimestamp();
        await AnsweredAll(times: 1);
        return (looked, TimeProvider.System.GetElapsedTime(back));
    }

    /// <summary>Ends it, and holds what the service has against what it had answered for.</summary>
    public async Task NothingIsLost(Caller caller)
    {
        await done.CancelAsync();
        await Task.WhenAll(work);
        var counted = new Dictionary<string, double>();
        for (var (end, left) = (newest.End, answered.Values.Max()); left > 0; (end, left) = (end - (PerQuery * Window.Length), left - PerQuery))
        {
            var until = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
            var traffic = await caller.Send(
                HttpMethod.Get, $"/v1/applications/load/traffic?windows={Math.Min(left, PerQuery)}&as=detailed&until={until}");
            foreach (var pair in traffic.GetProperty("matrices").EnumerateArray().SelectMany(matrix => matrix.GetProperty("pairs").EnumerateArray()))
            {
                var destination = pair.GetProperty("destination").GetString()!;
                counted[destination] = counted.GetValueOrDefault(destination) + pair.GetProperty("packets").GetDouble();
            }
        }

        foreach (var (vm, count) in answered)
        {
            // Window i has i + 1 packets: what is missing or counted twice shows.
            counted[vm].ShouldBeInRange(count * (count + 1) / 2.0, (count + 1) * (count + 2) / 2.0, vm);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await Task.WhenAll(work.Select(task => task.ContinueWith(_ => { }, TaskScheduler.Default)));
        done.Dispose();
    }

    private int[] Rounds => [.. rounds];

    private async Task AnsweredAll(int times)
    {
        var since = Rounds;
        while (Enumerable.Range(0, callers.Length).Any(i => Rounds[i] < since[i] + times))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            Array.Find(work, task => task.IsFaulted)?.GetAwaiter().GetResult();
        }
    }

    private async Task Report(Caller caller, int vm)
    {
        var boot = Guid.NewGuid();
        for (var i = 0; !done.IsCancellationRequested; i++)
        {
            var report = new WindowReport(
                new VmId($"vm{vm}"), newest.Shift(-i), [new(Address.Parse($"10.42.0.{(vm % Vms) + 1}"), FlowDirection.Received, i + 1, 100)], Window.Length);
            var batch = WindowBatch.Of(AppId.Parse("load"), [new(new ReportOrigin($"host-{vm}", boot, i + 1), report)]);
            await caller.Send(HttpMethod.Post, "/v1/windows", JsonSerializer.Serialize(batch, WindowBatchJson.Default.WindowBatch));
            answered[$"vm{vm}"] = i + 1;
            rounds[vm - 1]++;

            // A sensor sends a window in 30 s; this one sends twenty in one.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private async Task Look(Caller caller, int number)
    {
        while (!done.IsCancellationRequested)
        {
            await caller.Send(HttpMethod.Get, number % 2 == 0 ? "/v1/sites" : "/v1/applications/load");
            rounds[number]++;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
