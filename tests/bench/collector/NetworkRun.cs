using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Networks;
using Federation.Grains.Access;
using Federation.Grains.Hosts;
using Federation.Silo.Hosting;
using Federation.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Federation.Collector.Bench;

/// <summary>
/// How long a change of one VM's place takes until all hosts of its network know it: agents of so many hosts ask the service in this process by HTTP, as real ones do, take what they
/// are told into what they have, and ask again. What a host does with its kernel is not in it.
/// </summary>
internal static class NetworkRun
{
    private static readonly AppId Application = AppId.Parse("astro/big.1");

    /// <summary>Measures.</summary>
    /// <param name="hosts">How many hosts.</param>
    /// <param name="vms">How many VMs, spread over them.</param>
    /// <param name="changes">How many changes, one after another.</param>
    public static async Task Run(int hosts, int vms, int changes)
    {
        await using var cluster = await PostgresCluster.Start();
        var folder = Directory.CreateTempSubdirectory("federation-bench-");
        var address = $"http://127.0.0.1:{FreePort.Take()}";
        await using var app = FederationHost.Build([
            "--urls", address, $"--Federation:Data={folder.FullName}", $"--Federation:SiloPort={FreePort.Take()}", "--Logging:LogLevel:Default=Error",
            $"--Federation:Database={await cluster.CreateDatabase("federation")};Timeout=60",
        ]);
        await app.StartAsync();
        CallOrigin.Current = CallOrigin.Service;
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var counts = app.Services.GetRequiredService<SegmentCounts>();
        using var admin = ClientOf(address, (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "token"))).Trim());
        await grains.Site(new("lab")).Apply(Samples.Site("lab"));
        var agents = new BenchAgent[hosts];
        await Parallel.ForAsync(0, hosts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (number, _) => agents[number] = await BenchAgent.Register(admin, address, number));
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, vms, new ParallelOptions { MaxDegreeOfParallelism = 256 }, async (number, _) =>
            Check((await grains.Segment(Application).Placed(Placement(number, number % hosts, 1), TimeSpan.Zero)).IsFeasible, "a VM was refused"));
        Figures.Print(Figures.Line($"{vms} VMs placed on {hosts} hosts: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));

        // Nobody hears of the VMs one after another: that would be the time of some thousand changes, of which each is told to all.
        began = Stopwatch.GetTimestamp();
        foreach (var agent in agents)
        {
            agent.Begin();
        }

        await Task.WhenAll(agents.Select(agent => agent.Until(segment => segment.Entries.Count == vms)));
        await Acknowledged(counts);
        Figures.Print(Figures.Line($"all of them known to all hosts: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        var (reached, acknowledged) = (new List<double>(), new List<double>());
        for (var change = 0; change < changes; change++)
        {
            var (vm, to) = (change % vms, (change + 1 + (change % vms)) % hosts);
            var port = new SegmentPort(VmOf(vm), 0);
            var waiting = agents.Select(agent => agent.Until(segment => segment.Entries.TryGetValue(port, out var entry) && entry.At == HostOf(to).Vtep)).ToList();
            began = Stopwatch.GetTimestamp();
            await grains.Segment(Application).Placed(Placement(vm, to, change + 2), TimeSpan.Zero);
            await Task.WhenAll(waiting);
            reached.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Acknowledged(counts);
            acknowledged.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        Figures.Print(Figures.Line($"one VM's place at all {hosts} hosts, ms: {Figures.Spread(reached, "0")}, worst {reached.Max():0}"));
        Figures.Print(Figures.Line($"and acknowledged by all, ms: {Figures.Spread(acknowledged, "0")}, worst {acknowledged.Max():0}"));
        await Newcomers(grains, admin, address, hosts, vms);
        foreach (var agent in agents)
        {
            await agent.DisposeAsync();
        }

        await app.StopAsync();
        folder.Delete(recursive: true);
    }

    // A host to which the first VM of the network comes has to be told all of it.
    private static async Task Newcomers(IGrainFactory grains, HttpClient admin, string address, int hosts, int vms)
    {
        var took = new List<double>();
        for (var number = 0; number < 10; number++)
        {
            await using var agent = await BenchAgent.Register(admin, address, hosts + number);
            agent.Begin();
            var began = Stopwatch.GetTimestamp();
            await grains.Segment(Application).Placed(Placement(vms + number, hosts + number, 1), TimeSpan.FromSeconds(20));
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            Check(agent.Known!.Entries.Count == vms + number + 1, "a host has not all of the network");
        }

        Figures.Print(Figures.Line($"all {vms} entries at a host to which the first VM comes, acknowledged, ms: {Figures.Spread(took, "0")}, worst {took.Max():0}"));
    }

    private static async Task Acknowledged(SegmentCounts counts)
    {
        while (counts.Behind > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    private static VmRef VmOf(int number) => new(Application, new($"vm{number}"));

    private static (HostPost Post, VtepId Vtep) HostOf(int number) => (new(new("lab"), $"h{number}"), new(new("lab"), $"h{number}"));

    private static SegmentPlacement Placement(int vm, int host, long epoch) => new(
        VmOf(vm), HostOf(host).Post, epoch, [new(DerivedMac.Of(VmOf(vm), 0), [Address.IPv4([10, (byte)(vm >> 16), (byte)(vm >> 8), (byte)vm])])]);

    private static HttpClient ClientOf(string address, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(address), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static void Check(bool holds, string said)
    {
        if (!holds)
        {
            throw new InvalidOperationException(said);
        }
    }

    /// <summary>A host's agent that has a client of its own, as far as networks go.</summary>
    private sealed class BenchAgent : IAsyncDisposable
    {
        private readonly CancellationTokenSource closing = new();
        private readonly HttpClient http;
        private readonly Lock gate = new();
        private readonly List<(Func<Segment, bool> Holds, TaskCompletionSource Done)> waiting = [];
        private Task work = Task.CompletedTask;

        private BenchAgent(HttpClient http) => this.http = http;

        public Segment? Known { get; private set; }

        public static async Task<BenchAgent> Register(HttpClient admin, string address, int number)
        {
            using var made = await admin.PostAsync(new Uri($"/v1/sites/lab/hosts/h{number}/token", UriKind.Relative), content: null);
            using var token = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
            var agent = new BenchAgent(ClientOf(address, token.RootElement.GetProperty("token").GetString()!));
            var facts = new HostFacts(64, 1L << 40, 1L << 44, new HypervisorFacts { Driver = "bench", Version = "1" }, "1", "boot")
            {
                Network = new(Address.IPv4([192, 0, (byte)(number >> 8), (byte)number]), 1500),
            };
            using var reported = await agent.http.PostAsJsonAsync(new Uri("/v1/hosts/self/report", UriKind.Relative), new HostReport(facts, [], [], 1, Guid.NewGuid()), DomainJson.Options);
            Check(reported.IsSuccessStatusCode, await reported.Content.ReadAsStringAsync());
            return agent;
        }

        public void Begin() => work = Task.Run(Work);

        public Task Until(Func<Segment, bool> holds)
        {
            lock (gate)
            {
                if (Known is { } known && holds(known))
                {
                    return Task.CompletedTask;
                }

                var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Add((holds, done));
                return done.Task;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await closing.CancelAsync();
            await work;
            http.Dispose();
            closing.Dispose();
        }

        private async Task Work()
        {
            try
            {
                while (true)
                {
                    var known = new SegmentsKnown(Known is { } has ? ImmutableSortedDictionary<string, long>.Empty.Add(has.Application.Key, has.Revision) : ImmutableSortedDictionary<string, long>.Empty, 20);
                    using var answer = await http.PostAsJsonAsync(new Uri("/v1/hosts/self/segments", UriKind.Relative), known, DomainJson.Options, closing.Token);
                    Check(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}");
                    foreach (var update in (await answer.Content.ReadFromJsonAsync<SegmentsNews>(DomainJson.Options, closing.Token))!.Updates)
                    {
                        Take(update);
                    }
                }
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                // The run has ended.
            }
        }

        private void Take(SegmentUpdate update)
        {
            lock (gate)
            {
                Known = update.Leaves ? null : update.Since == 0 ? Segment.Whole(update) : Known!.With(update);
                foreach (var one in waiting.Where(one => Known is { } known && one.Holds(known)).ToList())
                {
                    waiting.Remove(one);
                    one.Done.SetResult();
                }
            }
        }
    }
}
