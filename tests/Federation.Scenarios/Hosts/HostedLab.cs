using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Federation.Scenarios.Cluster;
using Federation.Scenarios.Service;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Testing;
using Shouldly;

namespace Federation.Scenarios.Hosts;

/// <summary>A federation with hosts as it is operated: two silos over one PostgreSQL, two hosts at the one site and one at the other, an agent each, and QEMU.</summary>
internal sealed class HostedLab : IAsyncDisposable
{
    private const string DatabaseName = "federation";
    private const string Role = "silo";

    /// <summary>How long a VM may take to switch itself off before a cold move; the one here does not.</summary>
    public static readonly TimeSpan PowerDown = TimeSpan.FromMilliseconds(500);

    /// <summary>What a host can send, Mbit/s: so little that the copying of a small VM takes a second and can be hit.</summary>
    public const int Megabits = 160;

    /// <summary>The sites, and of which site each host is.</summary>
    private static readonly string[] Sites = ["north", "south"];
    private static readonly string[] SiteOf = ["north", "north", "south"];

    private readonly Build build;
    private readonly string? bandwidth;

    private HostedLab(PostgresCluster database, ImmutableArray<ServiceProcess> silos, Build build, string? bandwidth, bool isRouted, int gateways)
    {
        (Database, Silos, this.build, this.bandwidth) = (database, silos, build, bandwidth);
        Service = new Caller(silos);
        Lab = new HostLab(SiteOf.Length, Megabits, isRouted, gateways);
    }

    public HostLab Lab { get; }

    public PostgresCluster Database { get; }

    /// <summary>The silo of each site.</summary>
    public ImmutableArray<ServiceProcess> Silos { get; }

    /// <summary>The agent of each host.</summary>
    public ImmutableArray<LabAgent> Agents { get; private set; } = [];

    /// <summary>Asks whichever silo answers.</summary>
    public Caller Service { get; }

    /// <summary>Everything up: both sites described, three hosts heard of, no VM.</summary>
    /// <param name="build">Of silos and agents; null: the one that is tested.</param>
    /// <param name="bandwidth">That of moves; null: that of the network.</param>
    /// <param name="isRouted">Whether each host is on a layer-2 network of its own, and of the overlay.</param>
    /// <param name="gateways">How many of them, the first ones, are gateways to a network outside.</param>
    public static async Task<HostedLab> Start(Build? build = null, string? bandwidth = null, bool isRouted = false, int gateways = 0)
    {
        var database = await PostgresCluster.Start();
        await using (var owner = new PostgresDatabase(await database.CreateDatabase(DatabaseName)))
        {
            await database.CreateRole(Role);
            DatabaseSchema.Apply(owner);
            SiloRole.Grant(owner, Role, TimeProvider.System).ShouldBeNull();
        }

        build ??= Build.This;
        var silos = await Task.WhenAll(Sites.Select(site => ServiceProcess.Start(
            build, $"--Federation:Site={site}", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Federation=Information", $"--Federation:Database=Host=127.0.0.1:{database.Port};Username={Role};Database={DatabaseName}")));
        var hosted = new HostedLab(database, [.. silos], build, bandwidth, isRouted, gateways);
        try
        {
            await hosted.Prepare();
            return hosted;
        }
        catch
        {
            await hosted.DisposeAsync();
            throw;
        }
    }

    /// <summary>The index of a host by its name.</summary>
    public int IndexOf(string host) => Lab.Hosts.Select((each, index) => (each, index)).Single(each => each.each.Name == host).index;

    /// <summary>Makes one site dearer than the other, so that VMs want to be at the other.</summary>
    /// <param name="site">The cheaper one.</param>
    /// <param name="isLive">Whether the sites let VMs move live.</param>
    public async Task Prefer(string site, bool isLive = true)
    {
        foreach (var each in Sites)
        {
            await Service.Send(HttpMethod.Put, $"/v1/sites/{each}", Description(each, each == site ? "0.10" : "2.00", isLive));
        }
    }

    /// <summary>Takes away all hosts' tokens, agents, silos, in an order in which nothing hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
        {
            await agent.DisposeAsync();
        }

        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        await Database.DisposeAsync();
        Lab.Dispose();
    }

    /// <summary>An application of one VM.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="number">Tells its address.</param>
    /// <param name="load">What it does with its memory, as tests/guests/pages.c says.</param>
    public string Application(string name, int number, string load) => $$"""
        application: {{name}}
        tenant: astro
        objective: cost
        remaining: 20h
        images: [{ image: pages, sha256: {{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Lab.Program)))}}, sources: ["file://{{Lab.Program}}"] }]
        moves: { downtime: 300ms }
        coldMoves: { lostWork: 1m, boot: 1s }
        vms:
          - vm: vm1
            addresses: [10.78.1.{{number}}]
            vcpus: 1
            memory: 16MiB
            dirtyRate: {{(bandwidth is null ? "1MB/s" : "100kB/s")}}
            kernel: { image: pages, arguments: {{load}} ip=10.78.1.{{number}} }
            nics: [{ addresses: [10.78.1.{{number}}] }]
        """;

    private string Description(string site, string price, bool isLive) => $$"""
        site: {{site}}
        kind: cloud
        currency: USD
        offers: [{ name: std, vcpus: 1, memory: 128MiB, price: {{price}} }]
        network: { latency: 0.1ms, bandwidth: {{Megabits}}Mbps, internetEgressPerGB: 0.09 }
        links: { {{Sites.Single(other => other != site)}}: { latency: 1ms, bandwidth: {{Megabits}}Mbps, egressPerGB: 0.0 } }
        policy: { moves: { live: {{(isLive ? "true" : "false")}}{{(bandwidth is null ? "" : $", bandwidth: {bandwidth}")}} } }
        """;

    private async Task Prepare()
    {
        await Prefer(Sites[0]);
        var agents = ImmutableArray.CreateBuilder<LabAgent>();
        foreach (var (host, site) in Lab.Hosts.Zip(SiteOf))
        {
            var token = (await Service.Send(HttpMethod.Post, $"/v1/sites/{site}/hosts/{host.Name}/token", "{}")).GetProperty("token").GetString()!;
            agents.Add(new LabAgent(build, host, site, site == Sites[0] ? Silos : Silos.Reverse(), token));
        }

        Agents = agents.ToImmutable();
        foreach (var site in Sites)
        {
            await Waiting.Until(async () => (await Hosts(site)).Count(host => host.GetProperty("state").GetString() == "ready") == SiteOf.Count(each => each == site));
        }
    }

    /// <summary>The hosts of a site, as the service tells of them.</summary>
    public async Task<JsonElement[]> Hosts(string site) => [.. (await Service.Send(HttpMethod.Get, $"/v1/sites/{site}/hosts")).EnumerateArray()];
}
