using System.Net.Sockets;
using Npgsql;

namespace Federation.Storage.Postgres;

/// <summary>Hears notifications on a connection of its own, from the first waiter on, and wakes everybody at each.</summary>
/// <remarks>
/// A connection that was lost is opened again, and the waiters are woken to look for themselves: nobody knows what was missed.
/// </remarks>
internal sealed class PostgresListener(PostgresSession session, string listen, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stop = new();
    private readonly Lock start = new();
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource notified = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? loop;
    private bool disposed;

    /// <summary>Once notifications are heard: what ends at the next one.</summary>
    public async Task<Task> Next(CancellationToken cancel)
    {
        lock (start)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            loop ??= Task.Run(Listen, CancellationToken.None);
        }

        await listening.Task.WaitAsync(cancel);
        return Volatile.Read(ref notified).Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            await stop.CancelAsync();
            await (loop ?? Task.CompletedTask);
            stop.Dispose();
        }
    }

    private async Task Listen()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenOnOneConnection();
            }
            catch (Exception fault) when (fault is NpgsqlException or IOException or SocketException or InvalidOperationException)
            {
                await PauseOrStop();
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        }
    }

    private async Task ListenOnOneConnection()
    {
        await using var connection = await session.Open(stop.Token);
        connection.Notification += (_, _) => Wake();
        await using (var command = connection.Command(listen))
        {
            await command.ExecuteNonQueryAsync(stop.Token);
        }

        listening.TrySetResult();
        Wake();
        while (true)
        {
            await connection.WaitAsync(stop.Token);
        }
    }

    private async Task PauseOrStop()
    {
        try
        {
            await Task.Delay(Pause, time, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private void Wake() =>
        Interlocked.Exchange(ref notified, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
