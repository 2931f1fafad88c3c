using System.Data.Common;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Traffic;
using Npgsql;

namespace Federation.Storage.Postgres;

/// <summary>A PostgreSQL database, version 15 or newer, as the service's: for any number of hosts.</summary>
public sealed class PostgresDatabase : FederationDatabase
{
    internal const string Folder = "Postgres";

    // Any number will do that nobody else uses on this database.
    private const long SchemaLock = 7308895158;

    private readonly NpgsqlDataSource source;
    private readonly PostgresEventLog events;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="connectionString">As Npgsql reads it: <c>Host=db;Database=federation;Username=federation;Password=...</c>.</param>
    /// <param name="time">For how long waiters wait; null: the system's clock.</param>
    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public PostgresDatabase(string connectionString, TimeProvider? time = null)
    {
        var options = new NpgsqlConnectionStringBuilder(connectionString);
        options.ApplicationName ??= "federation";

        // Unless the operator says otherwise: a database that is away is found out soon, and statements are compiled once.
        SetForStandby(options);
        SetUnlessGiven(options, "Timeout", 5);
        SetUnlessGiven(options, "Command Timeout", 30);
        SetUnlessGiven(options, "Maximum Pool Size", 20);
        SetUnlessGiven(options, "Max Auto Prepare", 40);
        SetUnlessGiven(options, "Keepalive", 30);
        // Who has no Kerberos would wait for its names to be looked up, longer than a connection may take. TLS is asked for with SSL Mode.
        SetUnlessGiven(options, "GSS Encryption Mode", "Disable");
        ConnectionString = options.ToString();
        Place = $"{options.Database ?? options.Username} at {(HasSeveralHosts(options) ? options.Host : $"{options.Host ?? "the default host"}:{options.Port}")}";
        source = NpgsqlDataSource.Create(options);
        Traffic = new SharedAppends(new PostgresTrafficStore(new PostgresSession(source, Place)), atOnce: 4);
        Audit = new PostgresAuditLog(new PostgresSession(source, Place));
        Heartbeat = new PostgresHeartbeat(new PostgresSession(source, Place));
        events = new PostgresEventLog(new PostgresSession(source, Place), time ?? TimeProvider.System);
    }

    /// <inheritdoc/>
    public override string OrleansInvariant => "Npgsql";

    /// <inheritdoc/>
    public override string ConnectionString { get; }

    /// <inheritdoc/>
    public override string Place { get; }

    /// <inheritdoc/>
    public override ITrafficStore Traffic { get; }

    /// <inheritdoc/>
    public override IEventLog Events => events;

    /// <inheritdoc/>
    public override IAuditLog Audit { get; }

    /// <inheritdoc/>
    public override IHeartbeat Heartbeat { get; }

    internal override string Dialect => Folder;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await events.DisposeAsync();
        await source.DisposeAsync();
    }

    internal override DbConnection Open() => source.OpenConnection();

    internal override DbTransaction BeginSchemaChange(DbConnection connection)
    {
        var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT pg_advisory_xact_lock({SchemaLock})";
        command.ExecuteNonQuery();
        return transaction;
    }

    internal override bool HasTable(DbTransaction transaction, string name)
    {
        using var command = ((NpgsqlTransaction)transaction).Connection!.CreateCommand();
        command.CommandText = "SELECT to_regclass(@name) IS NOT NULL";
        command.Parameters.AddWithValue("name", name);
        return (bool)command.ExecuteScalar()!;
    }

    // A primary and its standby: only the one that is primary at the time is worked with, and who that is is asked again each second. A machine that
    // has gone without a word is found out by statements that do not come back, and by the line's own probes.
    private static void SetForStandby(NpgsqlConnectionStringBuilder options)
    {
        if (HasSeveralHosts(options))
        {
            SetUnlessGiven(options, "Target Session Attributes", "primary");
            SetUnlessGiven(options, "Host Recheck Seconds", 1);
            SetUnlessGiven(options, "Timeout", 2);
            SetUnlessGiven(options, "Command Timeout", 10);
            SetUnlessGiven(options, "Keepalive", 5);
            SetUnlessGiven(options, "Tcp Keepalive", true);
            SetUnlessGiven(options, "Tcp Keepalive Time", 5);
            SetUnlessGiven(options, "Tcp Keepalive Interval", 2);
        }
    }

    private static bool HasSeveralHosts(NpgsqlConnectionStringBuilder options) => options.Host?.Contains(',', StringComparison.Ordinal) == true;

    private static void SetUnlessGiven(NpgsqlConnectionStringBuilder options, string key, object value)
    {
        // ContainsKey tells every known key; ShouldSerialize those that were given.
        if (!options.ShouldSerialize(key))
        {
            options[key] = value;
        }
    }
}
