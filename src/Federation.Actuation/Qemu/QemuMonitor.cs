using System.Text.Json.Nodes;

namespace Federation.Actuation.Qemu;

/// <summary>The driver's two monitors of a VM, connected when they are first needed and again when they were lost. Safe for use by several threads.</summary>
internal sealed class QemuMonitor(GuestFolder folder, QemuOptions options, TimeProvider clock, Action<JsonObject?> onChange) : IAsyncDisposable
{
    private readonly SemaphoreSlim connecting = new(1, 1);
    private QmpConnection? usual;
    private QmpConnection? urgent;

    /// <summary>Has a command done.</summary>
    /// <exception cref="QmpException">It was not done, or is not known to be.</exception>
    public async Task<JsonNode> Do(string command, JsonObject arguments, CancellationToken cancel)
    {
        await Connect(cancel);
        return await usual!.Do(command, arguments, cancel);
    }

    /// <summary>Has a command done that takes no arguments.</summary>
    /// <exception cref="QmpException">It was not done, or is not known to be.</exception>
    public Task<JsonNode> Do(string command, CancellationToken cancel) => Do(command, [], cancel);

    /// <summary>Has a command done and does not mind that QEMU says no, as where there is nothing to be removed.</summary>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public async Task Try(string command, JsonObject arguments, CancellationToken cancel)
    {
        try
        {
            await Do(command, arguments, cancel);
        }
        catch (QmpException.Refused)
        {
            // What it is for is so already.
        }
    }

    /// <summary>Breaks the connections that a transfer waits for, however QEMU hangs.</summary>
    /// <param name="nodes">The copies' targets, besides the memory's.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="QmpException">Not even that is answered.</exception>
    public async Task Yank(IEnumerable<string> nodes, CancellationToken cancel)
    {
        await Connect(cancel);
        foreach (var instance in nodes.Select(node => new JsonObject { ["type"] = "block-node", ["node-name"] = node }).Prepend(new() { ["type"] = "migration" }))
        {
            try
            {
                await urgent!.DoOutOfBand("yank", new() { ["instances"] = new JsonArray(instance) }, cancel);
            }
            catch (QmpException.Refused)
            {
                // There is no such connection.
            }
        }
    }

    /// <summary>Asks what the VM does.</summary>
    /// <param name="record">What is known of it: nobody asks for transfers of one that takes part in none.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public async Task<MonitorView> Look(GuestRecord record, CancellationToken cancel)
    {
        var isMoving = Sightings.IsArriving(record) || record.Departure is { Phase: not DeparturePhase.Over };
        // All asked at once, and answered in this order: at a switch each wait for an answer is one in which frames for the VM are lost.
        string[] questions = isMoving ? ["query-status", "query-migrate", "query-block-jobs"] : ["query-status"];
        var answers = await Task.WhenAll(questions.Select(question => Do(question, cancel)).ToArray());
        return new(
            (string)answers[0]["status"]!,
            isMoving ? MigrationView.Read(answers[1]) : new(""),
            isMoving ? CopyView.Read(answers[2]) : [],
            IsWhole: Sightings.IsArriving(record) && !record.IsLive && WholeMark.IsSet(folder.Whole));
    }

    /// <summary>Closes the connections; QEMU lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        await connecting.WaitAsync();
        await Close();
        connecting.Dispose();
    }

    private async Task Connect(CancellationToken cancel)
    {
        await connecting.WaitAsync(cancel);
        try
        {
            if (usual is { Closed.IsCompleted: false } && urgent is { Closed.IsCompleted: false })
            {
                return;
            }

            await Close();
            urgent = await QmpConnection.Open(folder.OutOfBand, outOfBand: true, options.Patience, clock, _ => { }, cancel);
            usual = await QmpConnection.Open(folder.Monitor, outOfBand: false, options.Patience, clock, onChange, cancel);
            _ = usual.Closed.ContinueWith(_ => onChange(null), TaskScheduler.Default);
        }
        finally
        {
            connecting.Release();
        }
    }

    private async Task Close()
    {
        foreach (var connection in (QmpConnection?[])[usual, urgent])
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }

        (usual, urgent) = (null, null);
    }
}
