
namespace Federation.Actuation.Qemu;

/// <summary>Cold moves from this host: the VM switches itself off, or is stopped; its disks are copied, and last of all the mark that they are whole.</summary>
internal static class ColdDepartures
{
    /// <summary>Carries a cold move on.</summary>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static Task Advance(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel) =>
        departure.Phase == DeparturePhase.Preparing ? Stop(guest, departure, view, cancel)
        : departure is { Phase: DeparturePhase.Copying, WasToldToSwitch: true } ? Copy(guest, departure, view, cancel)
        : Task.CompletedTask;

    /// <summary>Lets a VM run again that was stopped for a cold move: one that switched itself off starts anew.</summary>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static async Task GoOn(QemuGuest guest, MonitorView view, CancellationToken cancel)
    {
        if (view.Status == "shutdown")
        {
            await guest.Monitor.Do("system_reset", cancel);
        }

        await guest.Monitor.Do("cont", cancel);
    }

    private static async Task Stop(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel)
    {
        if (view.Runs && guest.Host.Clock.GetUtcNow() - departure.BegunAt < guest.Host.Options.PowerDown)
        {
            return;
        }

        if (view.Runs)
        {
            await guest.Monitor.Do("stop", cancel);
        }

        guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Copying, Remark = view.Runs ? "it did not switch itself off in time: it was stopped" : null } });
    }

    private static async Task Copy(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel)
    {
        var nodes = QemuCommandLine.Nodes(guest.Record, guest.Folder);
        if (!departure.AreDisksSent)
        {
            if (nodes.IsEmpty || await AreSent(guest, [.. nodes.Select(node => (node.Node, node.IsLayer))], view, cancel))
            {
                guest.Note(guest.Record with { Departure = departure with { AreDisksSent = true, DiskBytes = view.Copies.Sum(copy => copy.Bytes) } });
            }
        }
        else if (await IsMarked(guest, view, cancel))
        {
            var seconds = (guest.Host.Clock.GetUtcNow() - departure.BegunAt).TotalSeconds;
            guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Sent, Seconds = seconds, DowntimeSeconds = seconds } });
        }
    }

    private static async Task<bool> IsMarked(QemuGuest guest, MonitorView view, CancellationToken cancel)
    {
        WholeMark.Write(guest.Folder.Whole, isSet: true);
        await guest.Monitor.Try("blockdev-add", new() { ["driver"] = "file", ["node-name"] = WholeMark.Node, ["filename"] = guest.Folder.Whole }, cancel);
        return await AreSent(guest, [(WholeMark.Node, false)], view, cancel);
    }

    private static async Task<bool> AreSent(QemuGuest guest, (string Node, bool IsLayer)[] nodes, MonitorView view, CancellationToken cancel)
    {
        string[] names = [.. nodes.Select(node => node.Node)];
        switch (DiskCopies.StateOf(view.Copies, names))
        {
            case CopiesState.Ready:
                return await DiskCopies.Finish(guest.Monitor, [.. names], guest.Host.Options, guest.Host.Clock, cancel);
            case CopiesState.Failed when guest.CopyFault is { } fault:
                await Departures.End(guest, $"a disk could not be copied: {fault}", cancel);
                return false;
            case CopiesState.Failed:
                // Not begun, or broken off as the driver was started anew: nothing has changed meanwhile.
                await DiskCopies.GiveUp(guest.Monitor, [.. names], guest.Host.Options, guest.Host.Clock, cancel);
                await DiskCopies.Begin(guest.Monitor, nodes, guest.Record.Departure!.To, guest.Record.Departure.Terms.BytesPerSecond, cancel);
                return false;
            default:
                return false;
        }
    }
}
