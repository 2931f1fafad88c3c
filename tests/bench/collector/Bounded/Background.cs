using System.Diagnostics;
using System.Text.Json;
using Federation.Domain.Traffic;

namespace Federation.Collector.Bench.Bounded;

/// <summary>
/// The steady load of the others: readers, a balancer that asks for health, sensors, a tenant that plans. All but the plans are asked at a fixed
/// pace, whether or not those before have been answered, so that a stall meets as many calls as in truth.
/// </summary>
internal sealed class Background : IAsyncDisposable
{
    private const string Tenant = "astro";
    private const string Planner = "bio";
    private const int SensorVms = 200;
    private const int MostUnderWay = 1000;

    private static readonly TimeSpan ReadsEvery = TimeSpan.FromMilliseconds(40);

    // Of so many reads one is the list of sites, which is much more to work out.
    private const int ReadsASiteList = 10;
    private static readonly TimeSpan HealthEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PostsEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RestOfPlanner = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource over = new();
    private readonly Guid boot = Guid.NewGuid();
    private readonly HttpClient[] readers;
    private readonly HttpClient[] planner;
    private readonly HttpClient[] operators;
    private readonly HttpClient[][] sensors;
    private readonly LoadedApplication[] watched;
    private readonly Window first;
    private Task work = Task.CompletedTask;
    private Answers answers = new();
    private Window posted;
    private int next;

    private Background(World world, HttpClient[][] sensors, LoadedApplication[] watched)
    {
        (this.sensors, this.watched, operators) = (sensors, watched, world.Operator);
        readers = world.ClientsOfTenant(Tenant);
        planner = world.ClientsOfTenant(Planner);
        // A VM's sensor reports from when the VM came.
        first = posted = Window.LastClosed(TimeProvider.System.GetUtcNow()).Next;
    }

    /// <summary>Describes its applications and begins.</summary>
    public static async Task<Background> Start(World world)
    {
        var watched = Enumerable.Range(0, SiteTexts.Sites).Select(site => new LoadedApplication(Tenant, $"watched{site}", SensorVms, 0xff00 + site, site)).ToArray();
        await world.Describe("applications of the others", [.. watched, new(Tenant, "small", 8, 0xff10, 0), new(Planner, "other", 8, 0xff11, 1)]);
        var sensors = await Task.WhenAll(Enumerable.Range(0, SiteTexts.Sites).Select(site => world.ClientsOfSensor(SensorAt(site), site, null)));
        var started = new Background(world, sensors, watched);
        started.work = Task.WhenAll(
            started.Pace(ReadsEvery, started.Read), started.Pace(HealthEvery, started.Health), started.Pace(PostsEvery, started.Post), started.Plan());
        return started;
    }

    /// <summary>From now on calls are noted anew; those begun before are noted where they were.</summary>
    public Answers Exchange() => Interlocked.Exchange(ref answers, new());

    /// <summary>What is noted now.</summary>
    public Answers Answers => Volatile.Read(ref answers);

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await work;
        over.Dispose();
    }

    private async Task Pace(TimeSpan every, Func<int, Task> call)
    {
        using var timer = new PeriodicTimer(every, TimeProvider.System);
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            if (Answers.UnderWay < MostUnderWay)
            {
                _ = call(number);
            }
        }
    }

    private Task Read(int number)
    {
        var (kind, path) = number % ReadsASiteList == 0 ? (Call.ReadSites, "/v1/sites") : (Call.Read, "/v1/applications/small");
        return Answers.Ask(kind, () => Of(readers, number).GetAsync(new Uri(path, UriKind.Relative)));
    }

    private Task Health(int number) =>
        Answers.Ask(Call.Health, () => Of(operators, number).GetAsync(new Uri("/health/ready", UriKind.Relative)));

    // One VM's last closed window, all VMs in turn: each is posted once, as long as there are as many posts in 30 s as VMs.
    private async Task Post(int number)
    {
        var last = Window.LastClosed(TimeProvider.System.GetUtcNow());
        if (last.CompareTo(posted) > 0)
        {
            (posted, next) = (last, 0);
        }

        if (last.CompareTo(first) < 0 || next == watched.Length * SensorVms)
        {
            return;
        }

        var (vm, site) = Math.DivRem(next++, watched.Length);
        using var body = Windows.Body(SensorAt(site), boot, [Windows.Of(watched[site], vm, last, SensorAt(site), boot, Stopwatch.GetTimestamp())]);
        await Answers.Ask(Call.Ingest, () => Of(sensors[site], number).PostAsync(new Uri("/v1/windows", UriKind.Relative), body), FaultOf);
    }

    private async Task Plan()
    {
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            await Answers.Ask(Call.OtherPlan, () => Plans.Make(Of(planner, number), "other", new { }, over.Token));
            await Task.Delay(RestOfPlanner, TimeProvider.System, CancellationToken.None);
        }
    }

    private static string? FaultOf(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.GetProperty("refused") is { } refused && refused.GetArrayLength() > 0
            ? $"a window refused: {refused[0].GetProperty("reason").GetString()}"
            : null;
    }

    private static string SensorAt(int site) => $"sensor{site}";

    private static HttpClient Of(HttpClient[] clients, int number) => clients[number % clients.Length];
}
