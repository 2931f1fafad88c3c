using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>The heartbeat in PostgreSQL: table <c>heartbeat</c>.</summary>
internal sealed class PostgresHeartbeat(PostgresSession session) : IHeartbeat
{
    private const string Statement =
        "INSERT INTO heartbeat (silo, at) VALUES (@silo, @at) ON CONFLICT (silo) DO UPDATE SET at = EXCLUDED.at";

    /// <inheritdoc/>
    public Task Beat(string silo, DateTimeOffset at, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var command = connection.Command(Statement)
                .With("silo", NpgsqlDbType.Text, silo).With("at", NpgsqlDbType.Text, DatabaseSchema.TextOf(at));
            return await command.ExecuteNonQueryAsync(cancel);
        },
        cancel);
}
