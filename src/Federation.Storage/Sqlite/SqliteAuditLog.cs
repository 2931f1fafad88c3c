using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Audit;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>The audit log in a SQLite file: table <c>audit</c>.</summary>
/// <param name="connectionString">From <see cref="SqliteDatabase"/>; the schema must have been applied.</param>
internal sealed class SqliteAuditLog(string connectionString) : IAuditLog, IAsyncDisposable
{
    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(SqliteDatabase.Folder, "audit");
    private readonly SqliteSession session = new(connectionString);

    /// <inheritdoc/>
    public Task<AuditRecord> Append(AuditEntry entry, CancellationToken cancel) => session.Write(
        transaction =>
        {
            using var last = transaction.Command(Queries["Last"]);
            var record = AuditChain.Next(Read(last).SingleOrDefault(), entry);
            using var command = transaction
                .Command(Queries["Append"], "@sequence", "@at", "@who", "@action", "@target", "@outcome", "@detail", "@hash")
                .With(AuditRow.Values(record));
            command.ExecuteNonQuery();
            return record;
        },
        cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<AuditRecord>> ReadAfter(long sequence, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return session.Read(
            connection =>
            {
                using var command = connection.Command(Queries["ReadAfter"], "@sequence", "@limit").With(sequence, limit);
                return Read(command);
            },
            cancel);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static ImmutableArray<AuditRecord> Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var records = ImmutableArray.CreateBuilder<AuditRecord>();
        while (rows.Read())
        {
            records.Add(AuditRow.Read(rows));
        }

        return records.DrainToImmutable();
    }
}
