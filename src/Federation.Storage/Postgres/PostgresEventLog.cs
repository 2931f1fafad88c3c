using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Events;
using Npgsql;
using NpgsqlTypes;

namespace Federation.Storage.Postgres;

/// <summary>The event log in PostgreSQL: table <c>event</c>. An append by any process wakes the waiters of all.</summary>
internal sealed class PostgresEventLog(PostgresSession session, TimeProvider time) : IEventLog, IAsyncDisposable
{
    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(PostgresDatabase.Folder, "events");
    private readonly PostgresListener listener = new(session, Queries["Listen"], time);

    /// <inheritdoc/>
    public Task<long> Append(FederationEvent happened, CancellationToken cancel) => session.Run(
        async connection =>
        {
            await using var command = connection.Command(Queries["Append"])
                .With("at", NpgsqlDbType.Text, EventRow.TextOf(happened.At))
                .With("kind", NpgsqlDbType.Text, happened.Kind.Value)
                .With("application", NpgsqlDbType.Text, happened.Application?.Key)
                .With("site", NpgsqlDbType.Text, happened.Site?.Value)
                .With("text", NpgsqlDbType.Text, happened.Text)
                .With("detail_json", NpgsqlDbType.Text, happened.DetailJson);
            await using var rows = await command.ExecuteReaderAsync(cancel);

            // The lock's own empty answer comes first.
            await rows.NextResultAsync(cancel);
            await rows.ReadAsync(cancel);
            return rows.GetInt64(0);
        },
        cancel);

    /// <inheritdoc/>
    public Task<ImmutableArray<LoggedEvent>> ReadAfter(long sequence, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return session.Run(connection => Select(connection, sequence, limit, cancel), cancel);
    }

    /// <inheritdoc/>
    public async Task<bool> WaitForNewer(long sequence, TimeSpan timeout, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancel);
        try
        {
            while (true)
            {
                // Taken before the look: an append that the look misses completes it.
                var next = timeout == TimeSpan.Zero ? Task.CompletedTask : await listener.Next(end.Token);
                if (await session.Run(connection => Latest(connection, cancel), cancel) > sequence)
                {
                    return true;
                }

                end.Token.ThrowIfCancellationRequested();
                await next.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => listener.DisposeAsync();

    private static async Task<ImmutableArray<LoggedEvent>> Select(
        NpgsqlConnection connection, long sequence, int limit, CancellationToken cancel)
    {
        await using var command = connection.Command(Queries["ReadAfter"])
            .With("sequence", NpgsqlDbType.Bigint, sequence)
            .With("limit", NpgsqlDbType.Integer, limit);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var events = ImmutableArray.CreateBuilder<LoggedEvent>();
        while (await rows.ReadAsync(cancel))
        {
            events.Add(EventRow.Read(rows));
        }

        return events.DrainToImmutable();
    }

    private static async Task<long> Latest(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = connection.Command(Queries["Latest"]);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
