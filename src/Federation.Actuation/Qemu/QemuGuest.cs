using System.Text.Json.Nodes;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>One VM of this host whose process may run: what is written down of it, its monitors, and who may change it.</summary>
internal sealed class QemuGuest : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly CancellationTokenSource ended = new();
    private readonly Action<VmRef, GuestSighting?> tell;
    private readonly Signal signal = new();
    private Task keeping = Task.CompletedTask;
    private string? known;
    private GuestState? told;

    /// <summary>Of a VM that is written down.</summary>
    /// <param name="record">What is written down.</param>
    /// <param name="folder">Where.</param>
    /// <param name="host">Its host.</param>
    /// <param name="tell">Called as it changes, null: it is gone.</param>
    public QemuGuest(GuestRecord record, GuestFolder folder, QemuHost host, Action<VmRef, GuestSighting?> tell)
    {
        (Record, Folder, Host, this.tell) = (record, folder, host, tell);
        Monitor = new(folder, host.Options, host.Clock, Notice);
    }

    /// <summary>What is written down.</summary>
    public GuestRecord Record { get; private set; }

    /// <summary>Its folder.</summary>
    public GuestFolder Folder { get; }

    /// <summary>Its host.</summary>
    public QemuHost Host { get; }

    /// <summary>Its monitors.</summary>
    public QemuMonitor Monitor { get; }

    /// <summary>Why QEMU gave up a copy of a disk, if it did.</summary>
    public string? CopyFault { get; set; }

    /// <summary>Whether its process is there.</summary>
    public bool IsAlive => HostProcess.Of(Folder.PidFile) is not null;

    /// <summary>Whether it was told that the VM is gone.</summary>
    public bool IsToldGone { get; private set; }

    /// <summary>Begins to look after it: carries its transfers on, and tells of changes.</summary>
    public void Keep() => keeping = Task.Run(KeepOn);

    /// <summary>Does something that no other change of this VM may overlap.</summary>
    public async Task<T> InTurn<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await work();
        }
        catch (QmpException fault)
        {
            throw new DriverException($"{Record.Guest.Vm}: QEMU cannot: {fault.Message}", fault);
        }
        finally
        {
            turn.Release();
            signal.Set();
        }
    }

    /// <summary>Writes down what is to be done, before it is done.</summary>
    public void Note(GuestRecord record)
    {
        Folder.Write(record);
        Record = record;
    }

    /// <summary>What it does; null: its process is gone.</summary>
    public async Task<GuestSighting?> Look(CancellationToken cancel)
    {
        for (var tries = 0; IsAlive; tries++)
        {
            try
            {
                // Read first: what was told meanwhile is told next time.
                var record = Record;
                return Sightings.Of(record, await Monitor.Look(record, cancel));
            }
            catch (QmpException.Closed) when (tries < 2)
            {
                // It ends just now, or somebody else left its monitor just now.
            }
            catch (QmpException)
            {
                return IsAlive ? Sightings.Of(Record, null) : null;
            }
        }

        return null;
    }

    /// <summary>Looks after it no longer; it lives on.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await keeping;
        await Monitor.DisposeAsync();
        ended.Dispose();
    }

    private void Notice(JsonObject? happened)
    {
        if ((string?)happened?["event"] is "BLOCK_JOB_COMPLETED" or "BLOCK_JOB_ERROR")
        {
            CopyFault = (string?)happened["data"]?["error"] ?? CopyFault;
        }

        signal.Set();
    }

    private async Task KeepOn()
    {
        try
        {
            while (true)
            {
                var now = await Look(ended.Token);
                if (now is not null && HasToAdvance)
                {
                    // Told before anything is done about it, which may take seconds: frames for a VM that stands still are lost until somebody sends them on.
                    if (now.State != told)
                    {
                        Tell(now);
                    }

                    now = await Advance(ended.Token);
                }

                Tell(now);
                if (now is null)
                {
                    IsToldGone = true;
                    return;
                }

                ConsoleLog.Bound(Folder.ConsoleLog, Host.Options.ConsoleBytes);
                var isBusy = Sightings.IsDeparting(Record) || Sightings.IsArriving(Record) || now.State is GuestState.Silent;
                await signal.Wait(isBusy ? Host.Options.TransferPeriod : Host.Options.RestPeriod, Host.Clock, ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Somebody else looks after it from now on, or nobody.
        }
    }

    private bool HasToAdvance => Sightings.IsDeparting(Record) || Record.Departure is { Phase: DeparturePhase.Sent, DowntimeSeconds: null };

    private void Tell(GuestSighting? now)
    {
        if ((now?.ToString() ?? "") is var text && text != known)
        {
            (known, told) = (text, now?.State);
            tell(Record.Guest.Vm, now);
        }
    }

    private async Task<GuestSighting?> Advance(CancellationToken cancel)
    {
        try
        {
            await InTurn(async () => { await Departures.Advance(this, cancel); return true; }, cancel);
        }
        catch (Exception fault) when (fault is DriverException or IOException)
        {
            // QEMU or the disk cannot just now. It is seen as what it is below, and tried again.
        }

        return await Look(cancel);
    }
}
