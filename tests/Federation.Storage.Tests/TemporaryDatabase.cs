using Federation.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Tests;

/// <summary>A SQLite file of a test's own, deleted with it.</summary>
public sealed class TemporaryDatabase : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("federation-storage-");

    public string Path => System.IO.Path.Combine(directory.FullName, "federation.db");

    public string ConnectionString => SqliteDatabase.ConnectionString(Path);

    public static TemporaryDatabase WithSchema()
    {
        var database = new TemporaryDatabase();
        DatabaseSchema.Apply(database.ConnectionString);
        return database;
    }

    /// <summary>What a crash at this moment would leave: the files as they are, nothing committed or closed first.</summary>
    public TemporaryDatabase CrashImage()
    {
        var image = new TemporaryDatabase();
        foreach (var suffix in (string[])["", "-wal"])
        {
            using var from = new FileStream(Path + suffix, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(image.Path + suffix);
            from.CopyTo(to);
        }

        return image;
    }

    public void Execute(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public T Scalar<T>(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        directory.Delete(recursive: true);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
    }
}
