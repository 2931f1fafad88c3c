using Npgsql;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

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
