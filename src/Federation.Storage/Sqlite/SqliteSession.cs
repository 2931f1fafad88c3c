using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>How a store reaches its file: reads side by side, writes one after another, none on the caller's thread.</summary>
/// <remarks>
/// SQLite works synchronously, and a store is called from grains, whose scheduler must not block: hence the thread pool.
/// Writers of one process queue here, in order, rather than contend for the file's lock.
/// </remarks>
internal sealed class SqliteSession(string connectionString) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private SqliteConnection? writer;
    private bool disposed;

    /// <summary>Runs work on a connection of its own.</summary>
    public Task<T> Read<T>(Func<SqliteConnection, T> work, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return Task.Run(
            () => Guarded(() =>
            {
                using var connection = SqliteDatabase.Open(connectionString);
                return work(connection);
            }),
            cancel);
    }

    /// <summary>Runs work in a transaction, which is durable when this returns and leaves nothing if the work throws.</summary>
    public async Task<T> Write<T>(Func<SqliteTransaction, T> work, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return await Task.Run(() => Guarded(() => InTransaction(work)), cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Lets the write under way end; later ones throw <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        disposed = true;
        writer?.Dispose();
        turn.Release();
    }

    private T InTransaction<T>(Func<SqliteTransaction, T> work)
    {
        writer ??= SqliteDatabase.Open(connectionString);
        using var transaction = writer.BeginTransaction();
        var result = work(transaction);
        transaction.Commit();
        return result;
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException fault) when (StorageUnavailableException.IsUnavailable(fault))
        {
            throw new StorageUnavailableException(new SqliteConnectionStringBuilder(connectionString).DataSource, fault);
        }
    }
}

/// <summary>Short forms for commands with parameters.</summary>
internal static class SqliteCommands
{
    /// <summary>A command with its parameters' names, in the order in which <see cref="With"/> takes their values.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    /// <inheritdoc cref="Command(SqliteConnection, string, ReadOnlySpan{string})"/>
    public static SqliteCommand Command(this SqliteTransaction transaction, string sql, params ReadOnlySpan<string> parameters)
    {
        var command = transaction.Connection!.Command(sql, parameters);
        command.Transaction = transaction;
        return command;
    }

    /// <summary>Sets the parameters' values; null is NULL. The command is compiled once, however often this is called.</summary>
    public static SqliteCommand With(this SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
