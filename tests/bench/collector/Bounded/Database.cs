using Npgsql;

namespace Federation.Collector.Bench.Bounded;

/// <summary>What the silos' database says of them, from outside.</summary>
internal sealed class Database(string connection) : IAsyncDisposable
{
    private const int Dead = 6;

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connection);

    /// <summary>Silos that the others took for dead.</summary>
    public async Task<long> DeadSilos()
    {
        await using var command = source.CreateCommand("SELECT count(*) FROM orleans_membership WHERE Status = $1");
        command.Parameters.Add(new() { Value = Dead });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How often each application of a tenant has stored what it thinks of its placement.</summary>
    public async Task<Dictionary<string, int>> Evaluations(string tenant)
    {
        await using var command = source.CreateCommand(
            "SELECT GrainIdExtensionString, Version FROM orleans_storage WHERE GrainTypeString = 'placement' AND GrainIdExtensionString LIKE $1");
        command.Parameters.Add(new() { Value = $"{tenant}/%" });
        await using var rows = await command.ExecuteReaderAsync();
        var evaluations = new Dictionary<string, int>();
        while (await rows.ReadAsync())
        {
            evaluations[rows.GetString(0)] = rows.GetInt32(1);
        }

        return evaluations;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
