using System.Diagnostics;

namespace Federation.Collector.Bench.Bounded;

/// <summary>What came of one disturbance.</summary>
/// <param name="Seconds">Until all of its work was done; null: it was not, within <see cref="Disturbance.Patience"/>.</param>
/// <param name="Did">What was done, in words.</param>
internal sealed record Disturbed(double? Seconds, string Did);

/// <summary>Something that one user, file or price does, and that the others must not notice.</summary>
/// <param name="letter">As the goals name it.</param>
/// <param name="what">What it is, in words.</param>
internal abstract class Disturbance(char letter, string what)
{
    /// <summary>How long its work is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public char Letter => letter;

    public string What => what;

    /// <summary>How long its work may take; null: no goal is set for that.</summary>
    public virtual double? GoalSeconds => null;

    /// <summary>Makes what it needs in the world, once.</summary>
    public abstract Task Prepare(World world);

    /// <summary>Disturbs, and waits until its work is done. Its own calls are noted as such.</summary>
    public abstract Task<Disturbed> Do(World world, Answers answers);

    public static Disturbance Of(char letter, Scale scale) => letter switch
    {
        'a' => new PriceChange('a', $"a price change, {scale.Many} applications of 4 VMs", "many", scale.Many, 4, windows: 0),
        'b' => new PriceChange('b', $"a price change, {scale.Wide} applications of 16 VMs with traffic", "wide", scale.Wide, 16, windows: 3),
        'c' => new ExactPlans(scale),
        'd' => new SlowBodies(),
        'e' => new LargeSiteFile(scale),
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "a, b, c, d or e"),
    };
}

/// <summary>A site becomes the cheapest: all applications could gain by it.</summary>
internal sealed class PriceChange(char letter, string what, string tenant, int count, int vms, int windows) : Disturbance(letter, what)
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public override double? GoalSeconds => 20;

    public override async Task Prepare(World world)
    {
        LoadedApplication[] all = [.. Enumerable.Range(0, count).Select(number =>
            new LoadedApplication(tenant, $"{tenant}{number}", vms, ((Letter - 'a') << 12) + number, number % SiteTexts.Sites))];
        await world.Describe($"applications of {vms} VMs", all);
        await world.Report(all, windows);
    }

    public override async Task<Disturbed> Do(World world, Answers answers)
    {
        var before = await world.Database.Evaluations(tenant);
        var began = Stopwatch.GetTimestamp();
        await world.ChangePrice();
        var answered = Stopwatch.GetElapsedTime(began);
        double? done = null;
        var evaluated = 0;
        for (var quietSince = began; Stopwatch.GetElapsedTime(began) < Patience;)
        {
            await Task.Delay(LooksEvery, TimeProvider.System);
            var waiting = await Waiting.Of(world);
            evaluated = (await world.Database.Evaluations(tenant)).Count(now => before.GetValueOrDefault(now.Key) != now.Value);
            if (evaluated < count && waiting is null or > 0)
            {
                (quietSince, done) = (Stopwatch.GetTimestamp(), null);
                continue;
            }

            // A service that says how many wait may begin a moment after the change.
            done ??= Stopwatch.GetElapsedTime(began).TotalSeconds;
            if (evaluated == count || Stopwatch.GetElapsedTime(quietSince) > Quiet)
            {
                break;
            }
        }

        return new(done, Figures.Line($"the change answered after {answered.TotalSeconds:0.00} s, {evaluated} of {count} looked at anew"));
    }
}

/// <summary>One tenant asks for very many plans that are proved.</summary>
internal sealed class ExactPlans(Scale scale)
    : Disturbance('c', $"{scale.ExactPlans} exact plans of 30 s of one tenant at once")
{
    private const string Tenant = "rush";

    private HttpClient[] clients = [];

    public override async Task Prepare(World world)
    {
        LoadedApplication[] all = [.. Enumerable.Range(0, scale.Dense).Select(number => new LoadedApplication(Tenant, $"dense{number}", 36, 0x8000 + number, null))];
        await world.Describe("applications of 36 VMs", all);
        await world.Report(all, 3);
        clients = world.ClientsOfTenant(Tenant);
    }

    public override async Task<Disturbed> Do(World world, Answers answers)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var began = Stopwatch.GetTimestamp();
        var made = await Task.WhenAll(Enumerable.Range(0, scale.ExactPlans).Select(number => answers.Ask(Call.Disturbance, () => Plans.Make(
            clients[number % clients.Length], $"dense{number % scale.Dense}", new { solver = "exact", timeLimitSeconds = 30 }, patience.Token))));
        return new(
            patience.IsCancellationRequested ? null : Stopwatch.GetElapsedTime(began).TotalSeconds,
            $"{made.Count(plan => plan is not null)} of {made.Length} plans made");
    }
}

/// <summary>Bodies of one sensor that come very slowly, all to one silo.</summary>
internal sealed class SlowBodies() : Disturbance('d', $"{Scale.SlowBodies} bodies of one sensor that come with 500 B/s")
{
    private const int Seconds = 25;

    private HttpClient[] clients = [];

    public override async Task Prepare(World world) => clients = await world.ClientsOfSensor("slow", 0, "slow");

    public override async Task<Disturbed> Do(World world, Answers answers)
    {
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Scale.SlowBodies).Select(async _ =>
        {
            using var body = new TrickledContent(500, Seconds);
            await answers.Ask(Call.Disturbance, () => body.Post(clients[0]));
        }));
        return new(Stopwatch.GetElapsedTime(began).TotalSeconds, $"{Scale.SlowBodies} bodies sent, or given up by the service");
    }
}

/// <summary>A site file with very many offers, again and again.</summary>
internal sealed class LargeSiteFile(Scale scale) : Disturbance('e', $"a site file of {scale.Offers} offers")
{
    private const int Site = 2;
    private const int Times = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly string text = SiteTexts.WithOffers(Site, scale.Offers);

    public override Task Prepare(World world) => Task.CompletedTask;

    public override async Task<Disturbed> Do(World world, Answers answers)
    {
        var (longest, taken) = (0.0, 0);
        for (var time = 0; time < Times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            // As curl does with so much: it asks before it sends.
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/v1/sites/site{Site}", UriKind.Relative)) { Content = World.Yaml(text) };
            request.Headers.ExpectContinue = true;
            taken += await answers.Ask(Call.Disturbance, () => world.Operator[time % SiteTexts.Sites].SendAsync(request)) is null ? 0 : 1;
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(began).TotalSeconds);
            await Task.Delay(Rest, TimeProvider.System);
        }

        if (taken > 0)
        {
            await world.Restore(Site);
        }

        return new(longest, Figures.Line($"{text.Length / 1e6:0.0} MB put {Times} times, taken {taken} times, the longest answer after {longest:0.00} s"));
    }
}
