using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Federation.Storage;

/// <summary>Why a database cannot be worked with for now.</summary>
public enum StorageOutage
{
    /// <summary>It does not answer, or only reads for now: it is stopped, restarts, or another machine takes over.</summary>
    Away,

    /// <summary>It takes no more connections.</summary>
    NoConnections,

    /// <summary>Its disk is full or cannot be written.</summary>
    Disk,

    /// <summary>It took longer than the service waits. A write may have been carried out all the same.</summary>
    Slow,
}

/// <summary>The database cannot be worked with for now, and trying again later may help. Whether a write was carried out is not known.</summary>
public sealed class StorageUnavailableException : Exception
{
    // SQLite's result codes, https://sqlite.org/rescode.html: BUSY and LOCKED; READONLY, IOERR, FULL and CANTOPEN.
    private static readonly int[] SqliteWaits = [5, 6];
    private static readonly int[] SqliteDisk = [8, 10, 13, 14];

    // https://www.postgresql.org/docs/15/errcodes-appendix.html: disk_full and io_error.
    private static readonly string[] PostgresDisk = ["53100", "58030"];

    // Cancelled by a time limit of the server's, a lock that was waited for too long.
    private static readonly string[] PostgresWaits = ["57014", "55P03"];

    // Connection, transaction rollback, resources, prerequisite state, operator intervention, system error; a standby that only reads.
    private static readonly string[] PostgresClasses = ["08", "40", "53", "55", "57", "58", "25006"];

    /// <summary>Names the database and what its provider says.</summary>
    /// <param name="place">Where the database is, without secrets.</param>
    /// <param name="fault">What its provider says.</param>
    /// <param name="outage">Why, if that is known better than from the fault; null: from the fault.</param>
    public StorageUnavailableException(string place, Exception fault, StorageOutage? outage = null)
        : base($"The database {place} {WordsOf(outage ??= OutageOf(fault as DbException) ?? StorageOutage.Away)}: {fault.Message}", fault) =>
        Outage = outage.Value;

    /// <summary>One that was told elsewhere, in the same words.</summary>
    public StorageUnavailableException(string message, StorageOutage outage)
        : base(message) => Outage = outage;

    /// <summary>Why.</summary>
    public StorageOutage Outage { get; }

    /// <summary>Whether a fault of a provider says that the database is away, rather than that the statement is wrong.</summary>
    public static bool IsUnavailable(DbException fault) => OutageOf(fault) is not null;

    /// <summary>Why a provider's fault says that the database cannot be worked with; null: the statement is wrong, or there is no fault.</summary>
    public static StorageOutage? OutageOf(DbException? fault) => fault switch
    {
        PostgresException postgres => OutageOf(postgres.SqlState),
        // The time limit of a connection or of a command: the provider says no more, and after a command nobody knows what was done.
        NpgsqlException { InnerException: TimeoutException } => StorageOutage.Slow,
        NpgsqlException => StorageOutage.Away,
        SqliteException sqlite when SqliteDisk.Contains(sqlite.SqliteErrorCode) => StorageOutage.Disk,
        SqliteException sqlite when SqliteWaits.Contains(sqlite.SqliteErrorCode) => StorageOutage.Slow,
        _ => null,
    };

    private static StorageOutage? OutageOf(string state) =>
        PostgresDisk.Contains(state) ? StorageOutage.Disk
        : state == PostgresErrorCodes.TooManyConnections ? StorageOutage.NoConnections
        : PostgresWaits.Contains(state) ? StorageOutage.Slow
        : PostgresClasses.Any(prefix => state.StartsWith(prefix, StringComparison.Ordinal)) ? StorageOutage.Away
        : null;

    private static string WordsOf(StorageOutage? outage) => outage switch
    {
        StorageOutage.NoConnections => "takes no more connections",
        StorageOutage.Disk => "cannot write to its disk",
        StorageOutage.Slow => "took too long",
        _ => "is not available",
    };
}
