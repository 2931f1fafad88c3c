using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>A SQLite file as the service's database: for one host, several processes of which may use it at once.</summary>
public static class SqliteDatabase
{
    /// <summary>The name by which Orleans' ADO.NET providers know SQLite; they load Microsoft.Data.Sqlite for it.</summary>
    public const string OrleansInvariant = "System.Data.SQLite";

    /// <summary>The folder of SQLite's SQL.</summary>
    internal const string Dialect = "Sqlite";

    /// <summary>How to open a file, for this project's stores and for Orleans alike.</summary>
    /// <remarks>A commit is on the disk when it returns. A writer that meets another one waits up to 30 s for its turn.</remarks>
    /// <param name="path">The file; created when it is first opened, its directory is not.</param>
    public static string ConnectionString(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

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

    /// <summary>Makes readers and the writer not wait for each other. Kept in the file, for every later connection.</summary>
    internal static void UseWriteAheadLog(SqliteConnection connection) => Execute(connection, "PRAGMA journal_mode = WAL");

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
