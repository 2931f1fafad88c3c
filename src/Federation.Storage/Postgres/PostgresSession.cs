using Npgsql;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>How a store reaches its database: each piece of work on a connection from the pool.</summary>
internal sealed class PostgresSession(NpgsqlDataSource source, string place)
{
    private const string DeadlockDetected = "40P01";
    private const int MostAttempts = 4;

    /// <summary>Runs work on a connection of its own.</summary>
    /// <remarks>
    /// Work that met a deadlock was undone by the database and is run again: two batches with the same windows in different
    /// orders can wait for each other.
    /// </remarks>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async Task<T> Run<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await Connect(cancel);
                return await work(connection);
            }
            catch (PostgresException fault) when (fault.SqlState == DeadlockDetected && attempt < MostAttempts)
            {
                // Once more.
            }
            catch (NpgsqlException fault) when (StorageUnavailableException.IsUnavailable(fault))
            {
                throw new StorageUnavailableException(place, fault);
            }
        }
    }

    // Nothing has been asked of it yet: who does not connect in time is away.
    private async Task<NpgsqlConnection> Connect(CancellationToken cancel)
    {
        try
        {
            return await source.OpenConnectionAsync(cancel);
        }
        catch (NpgsqlException fault) when (fault.InnerException is TimeoutException)
        {
            throw new StorageUnavailableException(place, fault, StorageOutage.Away);
        }
    }

    /// <summary>A connection that stays open, for listening.</summary>
    public async Task<NpgsqlConnection> Open(CancellationToken cancel) => await source.OpenConnectionAsync(cancel);
}

/// <summary>Short forms for commands with parameters.</summary>
internal static class PostgresCommands
{
    /// <summary>A command for a connection.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql) => new(sql, connection);

    /// <summary>Adds a parameter of a certain type; null is NULL.</summary>
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }
}
