using System.Collections.Frozen;
using System.Collections.Immutable;
using Federation.Domain.Events;
using Microsoft.Data.Sqlite;

namespace Federation.Storage.Sqlite;

/// <summary>The event log in a SQLite file: table <c>event</c>.</summary>
/// <param name="connectionString">From <see cref="SqliteDatabase"/>; the schema must have been applied.</param>
/// <param name="time">For how long a waiter waits; null: the system's clock.</param>
internal sealed class SqliteEventLog(string connectionString, TimeProvider? time = null) : IEventLog, IAsyncDisposable
{
    private static readonly FrozenDictionary<string, string> Queries = SqlText.Queries(SqliteDatabase.Folder, "events");
    private readonly SqliteSession session = new(connectionString);
    private TaskCompletionSource appended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public async Task<long> Append(FederationEvent happened, CancellationToken cancel)
    {
        var sequence = await session.Write(transaction => Insert(transaction, happened), cancel);
        Interlocked.Exchange(ref appended, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return sequence;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<LoggedEvent>> ReadAfter(long sequence, int limit, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return session.Read(connection => Select(connection, sequence, limit), cancel);
    }

    /// <inheritdoc/>
    public async Task<bool> WaitForNewer(long sequence, TimeSpan timeout, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(timeout, time ?? TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancel);
        try
        {
            while (true)
            {
                // Taken before the look: an append that the look misses completes it.
                var next = Volatile.Read(ref appended).Task;
                if (await session.Read(Latest, cancel) > sequence)
                {
                    return true;
                }

                await next.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (expiry.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static long Insert(SqliteTransaction transaction, FederationEvent happened)
    {
        using var command = transaction
            .Command(Queries["Append"], "@at", "@kind", "@application", "@site", "@text", "@detail_json")
            .With(
                EventRow.TextOf(happened.At),
                happened.Kind.Value,
                happened.Application?.Key,
                happened.Site?.Value,
                happened.Text,
                happened.DetailJson);
        return (long)command.ExecuteScalar()!;
    }

    private static ImmutableArray<LoggedEvent> Select(SqliteConnection connection, long sequence, int limit)
    {
        using var command = connection.Command(Queries["ReadAfter"], "@sequence", "@limit").With(sequence, limit);
        using var rows = command.ExecuteReader();
        var events = ImmutableArray.CreateBuilder<LoggedEvent>();
        while (rows.Read())
        {
            events.Add(EventRow.Read(rows));
        }

        return events.DrainToImmutable();
    }

    private static long Latest(SqliteConnection connection)
    {
        using var command = connection.Command(Queries["Latest"]);
        return (long)command.ExecuteScalar()!;
    }
}
