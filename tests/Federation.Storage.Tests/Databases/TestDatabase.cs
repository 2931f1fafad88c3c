using System.Data.Common;

namespace Federation.Storage.Tests.Databases;

/// <summary>Which database a test is about.</summary>
public enum Kind
{
    Sqlite,
    Postgres,
}

/// <summary>A database of a test's own, gone with it.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>One without anything in it.</summary>
    public static async Task<TestDatabase> Empty(Kind kind) =>
        kind == Kind.Sqlite ? new SqliteTestDatabase() : await PostgresTestDatabase.Empty();

    /// <summary>One that the service could use.</summary>
    public static async Task<TestDatabase> WithSchema(Kind kind) =>
        kind == Kind.Sqlite ? await SqliteTestDatabase.WithSchema() : await PostgresTestDatabase.WithSchema();

    /// <summary>Opens it as one process of the service does.</summary>
    public abstract FederationDatabase Open(TimeProvider? time = null);

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public T Scalar<T>(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public abstract ValueTask DisposeAsync();

    protected abstract DbConnection Connect();
}
