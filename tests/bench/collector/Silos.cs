using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Testing;

namespace Federation.Collector.Bench;

/// <summary>Silos of as many sites over one PostgreSQL, with ten applications of a thousand VMs on 500 hosts, and one of eight.</summary>
internal sealed class Silos : IAsyncDisposable
{
    private const string SmallFile = """
        application: small
        tenant: astro
        objective: cost
        remaining: 2h
        vms: { count: 8, prefix: vm, firstAddress: 10.99.0.1, vcpus: 2, memory: 4GiB }
        """;

    // Far enough back that no run comes up to the present.
    private readonly Window oldest = Window.LastClosed(TimeProvider.System.GetUtcNow()).Shift(-20_000);
    private readonly PostgresCluster cluster;
    private readonly List<Service> silos = [];
    private readonly BenchCertificates? certificates;
    private AppId[] names = [];
    private int posts = -1;

    private Silos(PostgresCluster cluster, BenchCertificates? certificates) => (this.cluster, this.certificates) = (cluster, certificates);

    public IReadOnlyList<Service> All => silos;

    public double CpuSeconds => silos.Sum(silo => Figures.CpuSeconds(silo.ProcessId));

    public static async Task<Silos> Start(int count, bool encrypted = false)
    {
        var started = new Silos(await PostgresCluster.Start(), encrypted ? new BenchCertificates() : null);
        var database = await started.cluster.CreateDatabase("federation");
        for (var number = 0; number < count; number++)
        {
            // Callers without a rest ask for more than one address may.
            started.silos.Add(await Service.Start(
                $"site{number}", database, started.certificates, log: null,
                "--Federation:Limits:RequestsPerSecond=1000000", "--Federation:Limits:RequestBurst=1000000"));
        }

        foreach (var site in Enumerable.Range(0, count))
        {
            await Put(started.silos[0], $"sites/site{site}", SiteFile(site, count));
        }

        started.names = await started.silos[0].Apply();

        await Put(started.silos[0], "applications/small", SmallFile);

        return started;
    }

    /// <summary>Asks a caller's own silo; anything but a yes is a failure.</summary>
    public async Task Ask(int caller, Func<HttpClient, int, Task<HttpResponseMessage>> ask)
    {
        using var response = await ask(silos[caller % silos.Count].Http, caller);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
        }
    }

    public static Task<HttpResponseMessage> Read(HttpClient http, int caller) =>
        http.GetAsync(new Uri("/v1/applications/small", UriKind.Relative));

    public static Task<HttpResponseMessage> Plan(HttpClient http, int caller) => http.PostAsync(
        new Uri("/v1/applications/small/plans", UriKind.Relative),
        new StringContent("""{ "timeLimitSeconds": 1 }""", Encoding.UTF8, "application/json"));

    /// <summary>Posts one window of the next host's twenty VMs; all hosts send one window before any sends the next.</summary>
    public async Task<HttpResponseMessage> Post(HttpClient http, int caller)
    {
        var (window, host) = Math.DivRem(Interlocked.Increment(ref posts), Load.Hosts);
        using var content = new ByteArrayContent(Load.Body(host, oldest.Shift(window), window, names));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await http.PostAsync(new Uri("/v1/windows", UriKind.Relative), content);
    }

    public void PrintMemory()
    {
        foreach (var (silo, number) in silos.Select((silo, number) => (silo, number)))
        {
            Figures.Print(Figures.Line($"silo {number + 1} of {silos.Count}: {Figures.ResidentBytes(silo.ProcessId) / 1048576.0:0} MiB resident"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos)
        {
            await silo.DisposeAsync();
        }

        certificates?.Dispose();
        await cluster.DisposeAsync();
    }

    private static string SiteFile(int number, int count) => $$"""
        site: site{{number}}
        kind: cloud
        currency: USD
        offers: [{ name: std, vcpus: 2, memory: 4GiB, price: 0.10 }]
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        links: { {{string.Join(", ", Enumerable.Range(0, count).Where(other => other != number).Select(other =>
            $"site{other}: {{ latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 }}"))}} }
        """;

    private static async Task Put(Service silo, string path, string text)
    {
        using var body = new StringContent(text, Encoding.UTF8, "application/yaml");
        using var response = await silo.Http.PutAsync(new Uri($"/v1/{path}", UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
    }
}
