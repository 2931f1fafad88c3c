using System.Data.Common;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Traffic;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>A SQLite file as the service's database: for one host, several processes of which may use it at once.</summary>
public sealed class SqliteDatabase : FederationDatabase
{
    private readonly SqliteTrafficStore traffic;
    private readonly SqliteEventLog events;
    private readonly SqliteAuditLog audit;
    private readonly SqliteHeartbeat heartbeat;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="path">The file; created by <see cref="DatabaseSchema.Apply"/>, its directory is not.</param>
    /// <param name="time">For how long waiters wait; null: the system's clock.</param>
    public SqliteDatabase(string path, TimeProvider? time = null)
    {
        Place = path;
        ConnectionString = ConnectionStringOf(path);
        traffic = new SqliteTrafficStore(ConnectionString);
        // Writers of one file wait for each other anyway.
        Traffic = new SharedAppends(traffic, atOnce: 1);
        events = new SqliteEventLog(ConnectionString, time);
        audit = new SqliteAuditLog(ConnectionString);
        heartbeat = new SqliteHeartbeat(ConnectionString);
    }

    /// <inheritdoc/>
    /// <remarks>Orleans loads Microsoft.Data.Sqlite for it.</remarks>
    public override string OrleansInvariant => "System.Data.SQLite";

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <inheritdoc/>
    public override string Place { get; }

    /// <inheritdoc/>
    public override ITrafficStore Traffic { get; }

    /// <inheritdoc/>
    public override IEventLog Events => events;

    /// <inheritdoc/>
    public override IAuditLog Audit => audit;

    /// <inheritdoc/>
    public override IHeartbeat Heartbeat => heartbeat;

    internal const string Folder = "Sqlite";

    internal override string Dialect => Folder;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await traffic.DisposeAsync();
        await events.DisposeAsync();
        await audit.DisposeAsync();
        await heartbeat.DisposeAsync();
    }

    /// <summary>An open connection from the pool.</summary>
    internal static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();

            // SQLite waits in steps of a millisecond and up; the provider, left alone with a busy database, in steps of 150 ms.
            Execute(connection, "PRAGMA busy_timeout = 5000");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal override DbConnection Open() => Open(ConnectionString);

    internal override DbTransaction BeginSchemaChange(DbConnection connection)
    {
        // Readers and the writer do not wait for each other. Kept in the file, for every later connection.
        Execute((SqliteConnection)connection, "PRAGMA journal_mode = WAL");
        return connection.BeginTransaction();
    }

    internal override bool HasTable(DbTransaction transaction, string name)
    {
        using var command = ((SqliteTransaction)transaction)
            .Command("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name", "@name").With(name);
        return (long)command.ExecuteScalar()! > 0;
    }

    // A commit is on the disk when it returns. A writer that meets another one waits up to 30 s for its turn.
    private static string ConnectionStringOf(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
