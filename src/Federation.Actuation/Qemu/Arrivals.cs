using System.Globalization;
using System.Text.Json.Nodes;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>Gets the process of a VM that comes here ready to be filled.</summary>
internal static class Arrivals
{
    /// <summary>Lets the source connect.</summary>
    /// <returns>Where to.</returns>
    /// <exception cref="DriverException">No port of this host's is free.</exception>
    /// <exception cref="QmpException">QEMU cannot.</exception>
    public static async Task<TransferTarget> Open(QemuGuest guest, TransferTerms terms, CancellationToken cancel)
    {
        var options = guest.Host.Options;
        var nodes = Departures.Nodes(guest);
        if (!terms.IsLive)
        {
            WholeMark.Write(guest.Folder.Whole, isSet: false);
            await guest.Monitor.Do("blockdev-add", new() { ["driver"] = "file", ["node-name"] = WholeMark.Node, ["filename"] = guest.Folder.Whole }, cancel);
            nodes = nodes.Add(WholeMark.Node);
        }

        NetworkTarget? disks = nodes.IsEmpty ? null : await OnPort(guest, port => guest.Monitor.Do("nbd-server-start", new()
        {
            ["addr"] = new JsonObject { ["type"] = "inet", ["data"] = new JsonObject { ["host"] = options.Address, ["port"] = port.ToString(CultureInfo.InvariantCulture) } },
        }, cancel));
        foreach (var node in nodes)
        {
            await guest.Monitor.Do("block-export-add", new() { ["type"] = "nbd", ["id"] = $"export-{node}", ["node-name"] = node, ["name"] = node, ["writable"] = true }, cancel);
        }

        if (!terms.IsLive)
        {
            return new(disks!.Value.ToString(), disks.Value.ToString());
        }

        await Capabilities.Set(guest.Monitor, terms, cancel);
        var memory = await OnPort(guest, port => guest.Monitor.Do("migrate-incoming", new() { ["uri"] = new NetworkTarget(options.Address, port).ToString() }, cancel));
        return new(memory.ToString(), disks?.ToString());
    }

    /// <summary>Lets a copy that is whole run, and waits until it lives.</summary>
    /// <exception cref="DriverException">It does not live.</exception>
    /// <exception cref="QmpException">QEMU cannot.</exception>
    public static async Task Run(QemuGuest guest, CancellationToken cancel)
    {
        guest.Note(guest.Record with { WasToldToRun = true });
        await guest.Monitor.Try("nbd-server-stop", [], cancel);
        await guest.Monitor.Try("blockdev-del", new() { ["node-name"] = WholeMark.Node }, cancel);
        await guest.Monitor.Do("cont", cancel);
        guest.Note(guest.Record with { HasRun = true });
        if (!guest.Record.Guest.Nics.IsEmpty)
        {
            // The network learns where it is now.
            await guest.Monitor.Try("announce-self", new() { ["initial"] = 50, ["max"] = 550, ["rounds"] = 5, ["step"] = 100 }, cancel);
        }
    }

    // Other programs use ports, too: the first that is free.
    private static async Task<NetworkTarget> OnPort(QemuGuest guest, Func<int, Task> listen)
    {
        var options = guest.Host.Options;
        QmpException.Refused? last = null;
        foreach (var port in Enumerable.Range(options.FirstPort, options.Ports))
        {
            try
            {
                await listen(port);
                return new(options.Address, port);
            }
            catch (QmpException.Refused refused)
            {
                last = refused;
            }
        }

        throw new DriverException($"{guest.Record.Guest.Vm} cannot be received at {options.Address}, ports {options.FirstPort} to {options.FirstPort + options.Ports - 1}: {last!.Message}", last);
    }
}
