using Federation.Testing;
using Xunit;

[assembly: AssemblyFixture(typeof(Federation.Storage.Tests.Databases.PostgresFixture))]

namespace Federation.Storage.Tests.Databases;

/// <summary>One PostgreSQL cluster for all tests; each has a database of its own in it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static PostgresCluster? cluster;

    public static PostgresCluster Cluster => cluster ?? throw new InvalidOperationException("The cluster is not started");

    public async ValueTask InitializeAsync() => cluster = await PostgresCluster.Start();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
