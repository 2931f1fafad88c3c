using System.Collections.Concurrent;
using System.Data.Common;
using Federation.Storage.Postgres;
using Npgsql;

namespace Federation.Storage.Tests.Databases;

/// <summary>A database of a test's own in the tests' cluster, swept out and used again by a later test: to make one takes long.</summary>
public sealed class PostgresTestDatabase : TestDatabase
{
    private static readonly ConcurrentBag<string> Free = [];
    private static int number;

    private readonly string connectionString;

    private PostgresTestDatabase(string connectionString) => this.connectionString = connectionString;

    public static async Task<PostgresTestDatabase> Empty()
    {
        if (!Free.TryTake(out var connectionString))
        {
            connectionString = await PostgresFixture.Cluster.CreateDatabase($"test_{Interlocked.Increment(ref number)}")
                + ";Maximum Pool Size=10";
        }

        var database = new PostgresTestDatabase(connectionString);
        database.Execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        return database;
    }

    public static async Task<PostgresTestDatabase> WithSchema()
    {
        var database = await Empty();
        await using var opened = database.Open();
        DatabaseSchema.Apply(opened);
        return database;
    }

    public override FederationDatabase Open(TimeProvider? time = null) => new PostgresDatabase(connectionString, time);

    public override async ValueTask DisposeAsync()
    {
        // Orleans' connections too: what they have prepared is about tables that go.
        await using var opened = Open();
        foreach (var used in (string[])[connectionString, opened.ConnectionString])
        {
            using var connection = new NpgsqlConnection(used);
            NpgsqlConnection.ClearPool(connection);
        }

        Free.Add(connectionString);
    }

    protected override DbConnection Connect()
    {
        var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        return connection;
    }
}
