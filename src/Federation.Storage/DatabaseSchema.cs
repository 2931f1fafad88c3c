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
    /// <summary>PostgreSQL's code for a role that may not do what it is asked for.</summary>
    internal const string InsufficientPrivilege = "42501";

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
    /// All in one transaction, so that several silos may start on one database. Run again, it changes nothing, and needs no right to. Orleans'
    /// queries are part of the service, not of the data: where they are others than the service's, they are written anew.
    /// </remarks>
    /// <param name="database">The database.</param>
    /// <param name="time">For the note when a version was applied; null: the system's clock.</param>
    /// <exception cref="SchemaVersionException">The database is newer than this service, or so old that its rows have to be rewritten first.</exception>
    /// <exception cref="StorageUnavailableException">The database cannot be reached.</exception>
    public static SchemaChange Apply(FederationDatabase database, TimeProvider? time = null) => Guarded(database, () =>
    {
        using var connection = database.Open();
        if (IsCurrent(database, connection))
        {
            var known = KnownVersion(database);
            return new SchemaChange(known, known);
        }

        try
        {
            using var transaction = database.BeginSchemaChange(connection);
            var change = ApplyIn(transaction, database.Dialect, time ?? TimeProvider.System, script =>
                throw SchemaVersionException.NeedsUpgrade(VersionOf(transaction), script, database.Place));
            transaction.Commit();
            return change;
        }
        catch (DbException fault) when (fault.SqlState == InsufficientPrivilege)
        {
            throw SchemaVersionException.NeedsOwner(KnownVersion(database), database.Place, fault);
        }
    });

    /// <summary>Does the same within a transaction, which stays open.</summary>
    /// <param name="transaction">From <see cref="FederationDatabase.BeginSchemaChange"/>.</param>
    /// <param name="dialect">The folder of the dialect's SQL.</param>
    /// <param name="time">For the note when a version was applied.</param>
    /// <param name="rewrite">Called before a script whose version needs rows to be rewritten; not for an empty database.</param>
    internal static SchemaChange ApplyIn(DbTransaction transaction, string dialect, TimeProvider time, Action<SchemaScript> rewrite)
    {
        var scripts = SqlText.Schema(dialect);
        var known = scripts[^1].Version;
        transaction.Execute(scripts[0].Text);
        var found = VersionOf(transaction);
        if (found > known)
        {
            throw SchemaVersionException.Newer(found, known);
        }

        foreach (var script in scripts.Where(script => script.Version > found))
        {
            if (found > 0 && script.UpgradesFrom is not null)
            {
                rewrite(script);
            }

            transaction.Execute(script.Text);
            Note(transaction, script.Version, time.GetUtcNow());
        }

        WriteOrleansQueries(transaction, dialect);
        return new SchemaChange(found, known);
    }

    /// <summary>Tells a database that cannot be reached from one that says no.</summary>
    internal static T Guarded<T>(FederationDatabase database, Func<T> work)
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

    /// <summary>The version noted last; 0: none.</summary>
    internal static int VersionOf(DbTransaction transaction) => transaction.Query(
        "SELECT COALESCE(MAX(version), 0) FROM schema_version",
        row => Convert.ToInt32(row.GetValue(0), CultureInfo.InvariantCulture))[0];

    private static bool IsCurrent(FederationDatabase database, DbConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        return database.HasTable(transaction, "schema_version") && VersionOf(transaction) == KnownVersion(database)
            && transaction.Query("SELECT QueryKey, QueryText FROM OrleansQuery", row => (row.GetString(0), row.GetString(1)))
                .ToHashSet().SetEquals(QueriesOf(database.Dialect).Select(query => (query.Key, query.Value)));
    }

    private static IEnumerable<KeyValuePair<string, string>> QueriesOf(string dialect) => OrleansQueries.SelectMany(file => SqlText.Queries(dialect, file));

    private static void Note(DbTransaction transaction, int version, DateTimeOffset at) =>
        transaction.Execute(
            "INSERT INTO schema_version (version, applied_at) VALUES (@version, @at)",
            ("@version", version),
            ("@at", TextOf(at)));

    /// <summary>A time as notes have it, to the second.</summary>
    internal static string TextOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteOrleansQueries(DbTransaction transaction, string dialect)
    {
        transaction.Execute("DELETE FROM OrleansQuery");
        foreach (var (key, text) in QueriesOf(dialect))
        {
            transaction.Execute(
                "INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES (@key, @text)",
                ("@key", key),
                ("@text", text));
        }
    }
}

/// <summary>The database has a version that this service cannot work with; nothing in it was changed.</summary>
public sealed class SchemaVersionException : Exception
{
    private SchemaVersionException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    /// <summary>It was written by a newer service.</summary>
    internal static SchemaVersionException Newer(int found, int known) => new(
        $"The database has schema version {found} and this service knows version {known} at most: "
        + "run a service at least as new as the one that wrote it, or restore a backup from before the upgrade.");

    /// <summary>The service's role may not change tables.</summary>
    internal static SchemaVersionException NeedsOwner(int known, string place, Exception fault) => new(
        $"The database {place} is not as schema version {known} wants it, and the role that opened it may not change tables ({fault.Message}): "
        + "run 'fedctl db init' or 'fedctl db upgrade', then 'fedctl db roles', with the connection string of the tables' owner. Nothing was changed.",
        fault);

    /// <summary>Its rows have to be rewritten while no service runs.</summary>
    internal static SchemaVersionException NeedsUpgrade(int found, SchemaScript script, string place) => new(
        $"The database {place} has schema version {found}, and what is stored has to be rewritten for version {script}: "
        + "stop every silo, back the database up, run 'fedctl db upgrade', then start the service again. Nothing was changed.");
}
