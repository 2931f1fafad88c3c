using System.Data.Common;
using Federation.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Tests.Databases;

/// <summary>A SQLite file of a test's own, deleted with it.</summary>
public sealed class SqliteTestDatabase : TestDatabase
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-storage-");

    public string Path => System.IO.Path.Combine(directory.FullName, "federation.db");

    public static async Task<SqliteTestDatabase> WithSchema()
    {
        var database = new SqliteTestDatabase();
        await using var opened = database.Open();
        DatabaseSchema.Apply(opened);
        return database;
    }

    public override FederationDatabase Open(TimeProvider? time = null) => new SqliteDatabase(Path, time);

    /// <summary>What a crash at this moment would leave: the files as they are, nothing committed or closed first.</summary>
    public SqliteTestDatabase CrashImage()
    {
        var image = new SqliteTestDatabase();
        foreach (var suffix in (string[])["", "-wal"])
        {
            using var from = new FileStream(Path + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(image.Path + suffix);
            from.CopyTo(to);
        }

        return image;
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var connectionString in (string[])[Open().ConnectionString, $"Data Source={Path}"])
        {
            using var connection = new SqliteConnection(connectionString);
            SqliteConnection.ClearPool(connection);
        }

        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override DbConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Path}");
        connection.Open();
        return connection;
    }
}
