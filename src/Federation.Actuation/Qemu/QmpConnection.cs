using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Federation.Actuation.Qemu;

/// <summary>A connection to a monitor of a QEMU process (QMP): commands with answers, and events. Safe for use by several threads.</summary>
/// <remarks>
/// A monitor serves one client; whoever connects second waits until the first one is gone. Out-of-band commands are answered even while QEMU's main loop
/// hangs, but only on a connection that agreed on them before it did. Source: QEMU's qmp-spec.
/// </remarks>
internal sealed class QmpConnection : IAsyncDisposable
{
    private readonly Socket socket;
    private readonly TimeProvider clock;
    private readonly TimeSpan patience;
    private readonly Action<JsonObject> onEvent;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonNode?>> waiting = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StreamReader reader = StreamReader.Null;
    private Task receiving = Task.CompletedTask;
    private long newest;

    private QmpConnection(Socket socket, TimeSpan patience, TimeProvider clock, Action<JsonObject> onEvent) =>
        (this.socket, this.patience, this.clock, this.onEvent) = (socket, patience, clock, onEvent);

    /// <summary>Completes when the connection is closed, by whom ever.</summary>
    public Task Closed => closed.Task;

    /// <summary>Connects to a monitor, and agrees on its capabilities.</summary>
    /// <param name="path">The monitor's socket.</param>
    /// <param name="outOfBand">Whether commands are to be answered out of band.</param>
    /// <param name="patience">How long an answer may take.</param>
    /// <param name="clock">The time.</param>
    /// <param name="onEvent">Called for each event, one after another; must not wait.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="QmpException">It is there and does not answer, or is not there.</exception>
    public static async Task<QmpConnection> Open(
        string path, bool outOfBand, TimeSpan patience, TimeProvider clock, Action<JsonObject> onEvent, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var connection = new QmpConnection(socket, patience, clock, onEvent);
        try
        {
            using var late = new CancellationTokenSource(patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), either.Token);
            connection.reader = new(new NetworkStream(socket, ownsSocket: false), Encoding.UTF8);
            if (await connection.reader.ReadLineAsync(either.Token) is null)
            {
                throw new QmpException.Closed("greeting");
            }

            connection.receiving = connection.Receive();
            await connection.Do("qmp_capabilities", outOfBand ? new() { ["enable"] = new JsonArray("oob") } : [], cancel);
            return connection;
        }
        catch (Exception fault)
        {
            await connection.DisposeAsync();
            throw fault switch
            {
                OperationCanceledException when !cancel.IsCancellationRequested => new QmpException.Silent("greeting", patience),
                SocketException or IOException => new QmpException.Closed("connect"),
                _ => fault,
            };
        }
    }

    /// <summary>Has a command done.</summary>
    /// <returns>What QEMU answered.</returns>
    /// <exception cref="QmpException">It was not done, or is not known to be.</exception>
    public Task<JsonNode> Do(string command, JsonObject arguments, CancellationToken cancel) => Do("execute", command, arguments, cancel);

    /// <summary>Has a command done that takes no arguments.</summary>
    /// <exception cref="QmpException">It was not done, or is not known to be.</exception>
    public Task<JsonNode> Do(string command, CancellationToken cancel) => Do(command, [], cancel);

    /// <summary>Has a command done at once, whatever QEMU does; for connections that agreed on it.</summary>
    /// <exception cref="QmpException">It was not done, or is not known to be.</exception>
    public Task<JsonNode> DoOutOfBand(string command, JsonObject arguments, CancellationToken cancel) => Do("exec-oob", command, arguments, cancel);

    /// <summary>Closes the connection; QEMU lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await receiving;
        closed.TrySetResult();
        writing.Dispose();
        reader.Dispose();
    }

    private async Task<JsonNode> Do(string verb, string command, JsonObject arguments, CancellationToken cancel)
    {
        var id = Interlocked.Increment(ref newest);
        var answer = waiting[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (closed.Task.IsCompleted)
            {
                throw new QmpException.Closed(command);
            }

            // Both in one budget: a QEMU that hangs does not read either, and the socket's buffer fills.
            using var late = new CancellationTokenSource(patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
            await Write(new JsonObject { [verb] = command, ["arguments"] = arguments, ["id"] = id }, either.Token);
            var done = await answer.Task.WaitAsync(either.Token);
            return done switch
            {
                JsonObject refused when refused.ContainsKey("error") => throw new QmpException.Refused(command, (string?)refused["error"]!["desc"] ?? "no reason"),
                JsonObject answered when answered["return"] is { } value => value,
                _ => throw new QmpException.Closed(command),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new QmpException.Silent(command, patience);
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException)
        {
            throw new QmpException.Closed(command);
        }
        finally
        {
            waiting.TryRemove(id, out _);
        }
    }

    private async Task Write(JsonObject command, CancellationToken cancel)
    {
        var bytes = Encoding.UTF8.GetBytes(command.ToJsonString() + "\n");
        await writing.WaitAsync(cancel);
        var at = 0;
        try
        {
            while (at < bytes.Length)
            {
                at += await socket.SendAsync(bytes.AsMemory(at), cancel);
            }
        }
        catch (OperationCanceledException) when (at > 0)
        {
            // Half a command is in the way of every later one.
            socket.Dispose();
            throw;
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task Receive()
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Take(JsonNode.Parse(line)!.AsObject());
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or ObjectDisposedException or OperationCanceledException or JsonException)
        {
            // The connection is over, which everyone who waits is told below.
        }

        closed.TrySetResult();
        foreach (var answer in waiting.Values)
        {
            answer.TrySetResult(null);
        }
    }

    private void Take(JsonObject message)
    {
        if (message.ContainsKey("event"))
        {
            onEvent(message);
        }
        else if (message["id"] is { } id && waiting.TryGetValue((long)id, out var answer))
        {
            answer.TrySetResult(message);
        }
    }
}
