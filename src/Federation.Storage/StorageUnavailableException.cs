using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Federation.Storage;

/// <summary>The database is away, busy or full: nothing was changed as far as anybody knows, and trying again later may help.</summary>
public sealed class StorageUnavailableException : Exception
{
    // SQLITE_BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN: https://sqlite.org/rescode.html
    private static readonly int[] SqliteCodes = [5, 6, 8, 10, 13, 14];

    // Connection, transaction rollback, resources, prerequisite state, operator intervention, system error; a standby that only
    // reads: https://www.postgresql.org/docs/15/errcodes-appendix.html
    private static readonly string[] PostgresClasses = ["08", "40", "53", "55", "57", "58", "25006"];

    /// <summary>Names the database and what its provider says.</summary>
    public StorageUnavailableException(string place, Exception fault)
        : base($"The database {place} is not available: {fault.Message}", fault)
    {
    }

    /// <summary>One that was told elsewhere, in the same words.</summary>
    public StorageUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Whether a fault of a provider says that the database is away, rather than that the statement is wrong.</summary>
    public static bool IsUnavailable(DbException fault) => fault switch
    {
        PostgresException postgres => PostgresClasses.Any(prefix => postgres.SqlState.StartsWith(prefix, StringComparison.Ordinal)),
        NpgsqlException => true,
        SqliteException sqlite => SqliteCodes.Contains(sqlite.SqliteErrorCode),
        _ => false,
    };
}
