using System.Data.Common;
using System.Globalization;

namespace Federation.Storage;

/// <summary>What <see cref="DatabaseSchema.Apply"/> did.</summary>
/// <param name="Before">The version that it found; 0: an empty database.</param>
/// <param name="After">The version that the database has now.</param>
public readonly record struct SchemaChange(int Before, int After);

/// <summary>The tables of the service and of Orleans, in numbered versions.</summary>
public static class DatabaseSchema
{
    private static readonly string[] OrleansQueries = ["orleans-clustering", "orleans-persistence", "orleans-reminders"];

    /// <summary>The version that this service works with.</summary>
    public static int KnownVersion(FederationDatabase database) => SqlText.Schema(database.Dialect)[^1].Version;

    /// <summary>The version that a database has; 0: it is empty. Changes nothing.</summary>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public static int FoundVersion(FederationDatabase database) => Guarded(database, () =>
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        return database.HasTable(transaction, "schema_version") ? VersionOf(transaction) : 0;
    });

    /// <summary>Brings a database to the version of this service, creating it if need be; for the service's start.</summary>
    /// <remarks>
    /// All in one transaction, so that several silos may start on one database. Run again, it changes nothing. Orleans'
    /// queries are part of the service, not of the data: they are written anew each time.
    /// </remarks>
    /// <param name="database">The database.</param>
    /// <param name="time">For the note when a version was applied; null: the system's clock.</param>
    /// <exception cref="SchemaVersionException">The database is newer than this service.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public static SchemaChange Apply(FederationDatabase database, TimeProvider? time = null) =>
        Guarded(database, () => ApplyTo(database, time ?? TimeProvider.System));

    private static SchemaChange ApplyTo(FederationDatabase database, TimeProvider time)
    {
        var scripts = SqlText.Schema(database.Dialect);
        var known = scripts[^1].Version;
        using var connection = database.Open();
        using var transaction = database.BeginSchemaChange(connection);
        Execute(transaction, scripts[0].Text);
        var found = VersionOf(transaction);
        if (found > known)
        {
            throw new SchemaVersionException(found, known);
        }

        foreach (var (version, text) in scripts.Where(script => script.Version > found))
        {
            Execute(transaction, text);
            Note(transaction, version, time.GetUtcNow());
        }

        WriteOrleansQueries(transaction, database.Dialect);
        transaction.Commit();
        return new SchemaChange(found, known);
    }

    private static T Guarded<T>(FederationDatabase database, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (DbException fault) when (StorageUnavailableException.IsUnavailable(fault))
        {
            throw new StorageUnavailableException(database.Place, fault);
        }
    }

    private static int VersionOf(DbTransaction transaction)
    {
        using var command = CommandIn(transaction, "SELECT COALESCE(MAX(version), 0) FROM schema_version");
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Note(DbTransaction transaction, int version, DateTimeOffset at) =>
        Execute(
            transaction,
            "INSERT INTO schema_version (version, applied_at) VALUES (@version, @at)",
            ("@version", version),
            ("@at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));

    private static void WriteOrleansQueries(DbTransaction transaction, string dialect)
    {
        Execute(transaction, "DELETE FROM OrleansQuery");
        foreach (var (key, text) in OrleansQueries.SelectMany(file => SqlText.Queries(dialect, file)))
        {
            Execute(
                transaction,
                "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@key, @text)",
                ("@key", key),
                ("@text", text));
        }
    }

    private static void Execute(
        DbTransaction transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = CommandIn(transaction, sql);
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        command.ExecuteNonQuery();
    }

    private static DbCommand CommandIn(DbTransaction transaction, string sql)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command;
    }
}

/// <summary>The database was written by a newer version of the service; nothing in it was changed.</summary>
public sealed class SchemaVersionException : Exception
{
    internal SchemaVersionException(int found, int known)
        : base($"The database has schema version {found} and this service knows version {known} at most: "
            + "run a service at least as new as the one that wrote it, or restore a backup from before the upgrade.")
    {
    }
}
