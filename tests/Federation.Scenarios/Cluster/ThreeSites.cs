using Federation.Scenarios.Service;
using Federation.Storage;
using Federation.Storage.Postgres;
using Federation.Testing;
using Shouldly;

namespace Federation.Scenarios.Cluster;

/// <summary>A federation as it is operated: a silo at each of three sites, processes of their own, over one PostgreSQL, and one hypervisor.</summary>
internal sealed class ThreeSites : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Names = ["north", "east", "west"];

    private const string DatabaseName = "federation";
    private const string Role = "silo";

    private readonly PostgresCluster postgres;
    private readonly DirectoryInfo hypervisor;

    private ThreeSites(PostgresCluster postgres, DirectoryInfo hypervisor, IReadOnlyList<ServiceProcess> silos) =>
        (this.postgres, this.hypervisor, Silos) = (postgres, hypervisor, silos);

    /// <summary>One a site, in the order of <see cref="Names"/>.</summary>
    public IReadOnlyList<ServiceProcess> Silos { get; }

    /// <summary>The database under all of them.</summary>
    public PostgresCluster Database => postgres;

    /// <summary>Where the simulated VMs are.</summary>
    public string Hypervisor => hypervisor.FullName;

    /// <summary>Starts them all and describes the sites.</summary>
    public static async Task<ThreeSites> Start(params string[] settings)
    {
        var postgres = await PostgresCluster.Start();
        await MakeDatabase(postgres);
        return await Over(postgres, $"127.0.0.1:{postgres.Port}", settings);
    }

    /// <summary>Makes the database as an operator does: its tables are one role's, and the silos are another's.</summary>
    public static async Task MakeDatabase(PostgresCluster postgres)
    {
        await using var owner = new PostgresDatabase(await postgres.CreateDatabase(DatabaseName));
        await postgres.CreateRole(Role);
        DatabaseSchema.Apply(owner);
        SiloRole.Grant(owner, Role, TimeProvider.System).ShouldBeNull();
    }

    /// <summary>Does the same over a database that is there already, and goes with them.</summary>
    /// <param name="postgres">The server.</param>
    /// <param name="hosts">Where the silos find it, as Npgsql reads it.</param>
    /// <param name="settings">Of all silos.</param>
    public static async Task<ThreeSites> Over(PostgresCluster postgres, string hosts, params string[] settings)
    {
        var hypervisor = Directory.CreateTempSubdirectory("federation-hypervisor-");
        var silos = await Task.WhenAll(Names.Select(site => ServiceProcess.Start(
        [
            $"--Federation:Site={site}", $"--Federation:Database=Host={hosts};Username={Role};Database={DatabaseName}",
            $"--Federation:Hypervisor={hypervisor.FullName}", .. settings,
        ])));
        var sites = new ThreeSites(postgres, hypervisor, silos);
        foreach (var site in Names)
        {
            await new Caller(silos).Send(HttpMethod.Put, $"/v1/sites/{site}", Description(site));
        }

        return sites;
    }

    /// <summary>A site's file: two small VMs for an application, ten for a tenant.</summary>
    public static string Description(string site, string price = "0.10", int vms = 10) => $$"""
        site: {{site}}
        kind: cloud
        currency: USD
        offers: [{ name: std, vcpus: 2, memory: 4GiB, available: 8, price: {{price}} }]
        network: { latency: 0.1ms, bandwidth: 10Gbps, internetEgressPerGB: 0.09 }
        quotas: [{ tenant: "*", vms: {{vms}} }]
        links: { {{string.Join(", ", Names.Where(other => other != site).Select(other => $"{other}: {{ latency: 10ms, bandwidth: 5Gbps, egressPerGB: 0.02 }}"))}} }
        """;

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            await silo.DisposeAsync();
        }

        await postgres.DisposeAsync();
        hypervisor.Delete(recursive: true);
    }
}
