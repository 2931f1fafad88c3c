namespace Federation.Storage.Sqlite;

/// <summary>The heartbeat in a SQLite file: table <c>heartbeat</c>.</summary>
/// <remarks>
/// A row that is overwritten needs no room, and would say of a full disk that all is well. So the new row, which is as large as some windows, is
/// written before the old one goes: it succeeds where there is room for as much again.
/// </remarks>
/// <param name="connectionString">From <see cref="SqliteDatabase"/>; the schema must have been applied.</param>
internal sealed class SqliteHeartbeat(string connectionString) : IHeartbeat, IAsyncDisposable
{
    private readonly SqliteSession session = new(connectionString);

    /// <inheritdoc/>
    public Task Beat(string silo, DateTimeOffset at, CancellationToken cancel) => session.Write(
        transaction =>
        {
            transaction.Execute(
                "INSERT INTO heartbeat (silo, at, room) VALUES (@silo, @at, zeroblob(32768))", ("@silo", silo), ("@at", DatabaseSchema.TextOf(at)));
            return transaction.Execute("DELETE FROM heartbeat WHERE silo = @silo AND id < last_insert_rowid()", ("@silo", silo));
        },
        cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();
}
