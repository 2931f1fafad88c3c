using System.Net;
using Federation.Storage.Tests.Databases;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Federation.Storage.Tests.Orleans;

/// <summary>A silo that keeps its membership, grain state and reminders in a database, as the service's silo does.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    /// <summary>Only ends a test that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost host;
    private readonly FederationDatabase database;

    private TestSilo(IHost host, FederationDatabase database) => (this.host, this.database) = (host, database);

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Ports that nobody else uses.</summary>
    public static (int Silo, int Gateway) FreeEndpoint()
    {
        using var ports = new TestClusterPortAllocator();
        return ports.AllocateConsecutivePortPairs(1);
    }

    public static Task<TestSilo> Start(TestDatabase database, bool deleteStateOnClear = false) =>
        Start(database, FreeEndpoint(), deleteStateOnClear);

    public static async Task<TestSilo> Start(
        TestDatabase database, (int Silo, int Gateway) endpoint, bool deleteStateOnClear = false)
    {
        var opened = database.Open();
        DatabaseSchema.Apply(opened);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => Configure(silo, opened, endpoint, deleteStateOnClear));
        var host = builder.Build();
        using var hung = new CancellationTokenSource(Patience);
        await host.StartAsync(hung.Token);
        return new TestSilo(host, opened);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await database.DisposeAsync();
    }

    private static void Configure(
        ISiloBuilder silo, FederationDatabase database, (int Silo, int Gateway) endpoint, bool deleteStateOnClear)
    {
        silo.ConfigureEndpoints(IPAddress.Loopback, endpoint.Silo, endpoint.Gateway);
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "federation"));
        silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100));
        silo.UseAdoNetClustering(options =>
            (options.Invariant, options.ConnectionString) = (database.OrleansInvariant, database.ConnectionString));
        silo.UseAdoNetReminderService(options =>
            (options.Invariant, options.ConnectionString) = (database.OrleansInvariant, database.ConnectionString));
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            (options.Invariant, options.ConnectionString) = (database.OrleansInvariant, database.ConnectionString);
            options.DeleteStateOnClear = deleteStateOnClear;
        });
    }
}
