using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Audit;
using Npgsql;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>The audit log in PostgreSQL: table <c>audit</c>.</summary>
internal sealed class PostgresAuditLog(PostgresSession session) : IAuditLog
{
    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(PostgresDatabase.Folder, "audit");
    private static readonly string[] Columns = ["sequence", "at", "who", "action", "target", "outcome", "detail", "hash"];

    /// <inheritdoc/>
    public Task<AuditRecord> Append(AuditEntry entry, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await using (var turn = connection.Command(Queries["Lock"]))
            {
                await turn.ExecuteNonQueryAsync(cancel);
            }

            AuditRecord record;
            await using (var last = connection.Command(Queries["Last"]))
            {
                record = AuditChain.Next((await Read(last, cancel)).SingleOrDefault(), entry);
            }

            await using var command = connection.Command(Queries["Append"]);
            foreach (var (column, value) in Columns.Zip(AuditRow.Values(record)))
            {
                command.With(column, value is long ? NpgsqlDbType.Bigint : NpgsqlDbType.Text, value);
            }

            await command.ExecuteNonQueryAsync(cancel);
            await transaction.CommitAsync(cancel);
            return record;
        },
        cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditRecord>> ReadAfter(long sequence, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return session.Run(
            async connection =>
            {
                await using var command = connection.Command(Queries["ReadAfter"])
                    .With("sequence", NpgsqlDbType.Bigint, sequence)
                    .With("limit", NpgsqlDbType.Integer, limit);
                return await Read(command, cancel);
            },
            cancel);
    }

    private static async Task<ImmutableArray<AuditRecord>> Read(NpgsqlCommand command, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        while (await rows.ReadAsync(cancel))
        {
            records.Add(AuditRow.Read(rows));
        }

        return records.DrainToImmutable();
    }
}
