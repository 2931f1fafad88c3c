using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Testing;

namespace Federation.Collector.Bench.Bounded;

/// <summary>Three silos of three sites over one PostgreSQL and one hypervisor, and the applications on them.</summary>
internal sealed class World : IAsyncDisposable
{
    private const int AtOnce = 12;
    private const int MostTries = 20;
    private const double FirstPrice = 0.10;
    private const double Falls = 0.8;

    private readonly PostgresCluster cluster;
    private readonly DirectoryInfo folder;
    private readonly List<Service> silos = [];
    private readonly List<HttpClient> clients = [];
    private readonly double[] prices = [.. Enumerable.Repeat(FirstPrice, SiteTexts.Sites)];
    private int changes;

    private World(PostgresCluster cluster, DirectoryInfo folder, string connection) =>
        (this.cluster, this.folder, Database) = (cluster, folder, new(connection));

    public IReadOnlyList<Service> Silos => silos;

    public Database Database { get; }

    /// <summary>Clients of the federation's administrator, one a silo.</summary>
    public HttpClient[] Operator { get; private set; } = [];

    /// <summary>The folder of what the silos say: BOUNDED_LOGS, that of temporary files unless it says otherwise.</summary>
    private static string Logs => Environment.GetEnvironmentVariable("BOUNDED_LOGS") ?? Path.GetTempPath();

    private string KeyFile => Path.Combine(folder.FullName, "issuer.key");

    public static async Task<World> Start()
    {
        var cluster = await PostgresCluster.Start();
        var database = await cluster.CreateDatabase("federation");
        var world = new World(cluster, Directory.CreateTempSubdirectory("federation-bench-world-"), database);
        for (var site = 0; site < SiteTexts.Sites; site++)
        {
            world.silos.Add(await Service.Start($"site{site}", database, null, Path.Combine(Logs, $"bounded-site{site}.log"),
                $"--Federation:Hypervisor={Path.Combine(world.folder.FullName, "hypervisor")}", $"--Federation:Identity:KeyFile={world.KeyFile}"));
        }

        world.Operator = world.ClientsOf(null);
        for (var site = 0; site < SiteTexts.Sites; site++)
        {
            await world.Put($"sites/site{site}", SiteTexts.Of(site, FirstPrice), site);
        }

        return world;
    }

    /// <summary>Clients of somebody who acts for one tenant, one a silo.</summary>
    public HttpClient[] ClientsOfTenant(string tenant)
    {
        using var key = TokenIssuer.ReadKey(KeyFile);
        return ClientsOf(new TokenIssuer(key).Issue(
            new Caller($"bench-{tenant}", TokenIssuer.Name, [Role.Tenant], [new TenantId(tenant)], []), TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(1)));
    }

    /// <summary>Makes a sensor known; clients with its token, one a silo.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="site">The number of its site.</param>
    /// <param name="host">Its host; null: it has all of the site's VMs.</param>
    public async Task<HttpClient[]> ClientsOfSensor(string name, int site, string? host)
    {
        using var body = Json(new { sensor = name, site = $"site{site}", host });
        using var response = await Operator[site].PostAsync(new Uri("/v1/sensors", UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return ClientsOf(document.RootElement.GetProperty("token").GetString());
    }

    /// <summary>Describes applications, and waits until the VMs run that they say run.</summary>
    public async Task Describe(string what, IReadOnlyCollection<LoadedApplication> applications)
    {
        var described = 0;
        await Parallel.ForEachAsync(applications, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (application, _) =>
        {
            await Put($"applications/{application.Name}", application.File, application.Site ?? application.Net);
            if (Interlocked.Increment(ref described) is var count && (count % 100 == 0 || count == applications.Count))
            {
                Figures.Print(Figures.Line($"  {count} of {applications.Count} {what}"));
            }
        });
    }

    /// <summary>Posts some windows of all their VMs, as an operator who imports them.</summary>
    public async Task Report(IReadOnlyCollection<LoadedApplication> applications, int windows)
    {
        var (boot, last, sequence) = (Guid.NewGuid(), Window.LastClosed(TimeProvider.System.GetUtcNow()), 0L);
        for (var age = windows; age > 0; age--)
        {
            foreach (var some in applications.Chunk(25))
            {
                PostedWindow[] posted = [.. some.SelectMany(application => Enumerable.Range(0, application.Vms).Select(
                    vm => Windows.Of(application, vm, last.Shift(-age), "import", boot, ++sequence)))];
                await Done("windows", async () =>
                {
                    using var body = Windows.Body("import", boot, posted);
                    return await Operator[0].PostAsync(new Uri("/v1/windows", UriKind.Relative), body);
                });
            }
        }
    }

    /// <summary>Makes the next site in turn the cheapest of all, by a fifth: VMs that are elsewhere could gain by going there.</summary>
    public async Task ChangePrice()
    {
        var site = changes++ % SiteTexts.Sites;
        prices[site] = prices.Min() * Falls;
        await Restore(site);
    }

    /// <summary>Describes a site as it is meant to be.</summary>
    public Task Restore(int site) => Put($"sites/site{site}", SiteTexts.Of(site, prices[site]), site);

    /// <summary>Silos that have ended, or that the others took for dead.</summary>
    public async Task<long> Lost() => Math.Max(silos.Count(silo => !silo.Runs), await Database.DeadSilos());

    /// <summary>A text as the body of a request, JSON.</summary>
    public static StringContent Json(object value) => new(JsonSerializer.Serialize(value), Encoding.UTF8, "application/json");

    /// <summary>A file as the body of a request.</summary>
    public static StringContent Yaml(string text) => new(text, Encoding.UTF8, "application/yaml");

    public string Memory() => string.Join(' ', silos.Select(silo =>
        silo.Runs ? string.Create(CultureInfo.InvariantCulture, $"{Figures.ResidentBytes(silo.ProcessId) / 1048576.0:0}") : "ended"));

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }

        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }

        await Database.DisposeAsync();
        await cluster.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private HttpClient[] ClientsOf(string? token)
    {
        var made = silos.Select(silo => silo.NewClient(token)).ToArray();
        clients.AddRange(made);
        return made;
    }

    private Task Put(string path, string text, int silo) => Done(path, async () =>
    {
        using var body = Yaml(text);
        return await Operator[silo % silos.Count].PutAsync(new Uri($"/v1/{path}", UriKind.Relative), body);
    });

    // Who is asked to come again later comes again.
    private static async Task Done(string what, Func<Task<HttpResponseMessage>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            using var response = await ask();
            if (response.IsSuccessStatusCode)
            {
                return;
            }

            if (tries == MostTries || response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
            {
                throw new InvalidOperationException($"{what}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            }

            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), TimeProvider.System);
        }
    }
}
