using Federation.Actuation;
using Federation.Contracts;
using Federation.Domain.Events;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;
using Federation.Grains.Placing;
using Federation.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Federation.Grains.Tests.Making;

/// <summary>A test cluster of one silo with the product's grains; state in memory, traffic and events in a SQLite file of its own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly InProcessTestCluster cluster;
    private readonly DirectoryInfo folder;
    private readonly FederationDatabase database;

    private Cluster(InProcessTestCluster cluster, DirectoryInfo folder, FederationDatabase database, FaultyHypervisor hypervisor) =>
        (this.cluster, this.folder, this.database, Hypervisor) = (cluster, folder, database, hypervisor);

    public IGrainFactory Grains => cluster.Client;

    public FaultyHypervisor Hypervisor { get; }

    public ITrafficStore Traffic => database.Traffic;

    public static async Task<Cluster> Start()
    {
        var folder = Directory.CreateTempSubdirectory("federation-grains-");
        var database = FederationDatabase.Sqlite(Path.Combine(folder.FullName, "federation.db"));
        DatabaseSchema.Apply(database);
        var hypervisor = new FaultyHypervisor(new SimulatedHypervisor(
            new SimulatedVmFiles(folder.FullName), new SimulatedHypervisorOptions { Directory = folder.FullName, TimeScale = 0 }, TimeProvider.System));
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureHost(host => host.Services.AddFederationSerialization());
        builder.ConfigureSilo((_, silo) =>
        {
            silo.UseSite(null);
            silo.AddMemoryGrainStorage(GrainStateSerializer.StorageName);
            silo.UseInMemoryReminderService();
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton<IHypervisor>(hypervisor);
            silo.Services.AddSingleton<ITrafficStore>(database.Traffic);
            silo.Services.AddSingleton<IEventLog>(database.Events);
            silo.Services.AddSingleton<Happenings>();
        });
        builder.ConfigureClient(client => client.Services.AddFederationSerialization());
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new Cluster(cluster, folder, database, hypervisor);
    }

    public async ValueTask DisposeAsync()
    {
        await cluster.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
