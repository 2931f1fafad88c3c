using System.Net;
using Federation.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace Federation.Storage.Tests.Orleans;

/// <summary>A silo that keeps its membership, grain state and reminders in a SQLite file, as the service's silo does.</summary>
internal sealed class SqliteSilo : IAsyncDisposable
{
    /// <summary>Only ends a test that hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost host;

    private SqliteSilo(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Ports that nobody else uses.</summary>
    public static (int Silo, int Gateway) FreeEndpoint()
    {
        using var ports = new TestClusterPortAllocator();
        return ports.AllocateConsecutivePortPairs(1);
    }

    public static Task<SqliteSilo> Start(TemporaryDatabase database, bool deleteStateOnClear = false) =>
        Start(database, FreeEndpoint(), deleteStateOnClear);

    public static async Task<SqliteSilo> Start(
        TemporaryDatabase database, (int Silo, int Gateway) endpoint, bool deleteStateOnClear = false)
    {
        DatabaseSchema.Apply(database.ConnectionString);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => Configure(silo, database.ConnectionString, endpoint, deleteStateOnClear));
        var host = builder.Build();
        using var hung = new CancellationTokenSource(Patience);
        await host.StartAsync(hung.Token);
        return new SqliteSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    private static void Configure(
        ISiloBuilder silo, string connectionString, (int Silo, int Gateway) endpoint, bool deleteStateOnClear)
    {
        silo.ConfigureEndpoints(IPAddress.Loopback, endpoint.Silo, endpoint.Gateway);
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("test", "federation"));
        silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromMilliseconds(100));
        silo.UseAdoNetClustering(options =>
            (options.Invariant, options.ConnectionString) = (SqliteDatabase.OrleansInvariant, connectionString));
        silo.UseAdoNetReminderService(options =>
            (options.Invariant, options.ConnectionString) = (SqliteDatabase.OrleansInvariant, connectionString));
        silo.AddAdoNetGrainStorageAsDefault(options =>
        {
            (options.Invariant, options.ConnectionString) = (SqliteDatabase.OrleansInvariant, connectionString);
            options.DeleteStateOnClear = deleteStateOnClear;
        });
    }
}
