using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>Transfers of VMs from this host. Each step is written down before it is done; each can be done again.</summary>
internal static class Departures
{
    private const int SafeRounds = 3;
    private const long LongestDowntimeMilliseconds = 2_000_000;
    private const long Unlimited = 1L << 40;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>Begins a transfer; one that is under way or has ended well stays as it is.</summary>
    /// <exception cref="DriverException">Another one is under way, or the VM does not run.</exception>
    public static async Task Begin(QemuGuest guest, MigrationId migration, TransferTarget to, TransferTerms terms, CancellationToken cancel)
    {
        var record = guest.Record;
        if (record.Departure is { Phase: not DeparturePhase.Over } other)
        {
            if (other.Migration == migration)
            {
                return;
            }

            throw new DriverException($"{record.Guest.Vm} is being moved from here by {other.Migration}: cancel that before {migration} begins");
        }

        var view = await guest.Monitor.Look(record, cancel);
        if (!view.Runs || Sightings.IsArriving(record))
        {
            throw new DriverException($"{record.Guest.Vm} does not run here (QEMU says '{view.Status}'): only a VM that runs can be sent");
        }

        _ = NetworkTarget.Parse(to.Memory);
        guest.Note(record with { Departure = new(migration, to, terms, guest.Host.Clock.GetUtcNow(), DeparturePhase.Preparing) });
        guest.CopyFault = null;
        await (terms.IsLive ? OrEnd(guest, () => BeginLive(guest, cancel), cancel) : guest.Monitor.Do("system_powerdown", cancel));
        await Advance(guest, cancel);
    }

    /// <summary>Carries a transfer on by what QEMU says.</summary>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static async Task Advance(QemuGuest guest, CancellationToken cancel)
    {
        if (guest.Record.Departure is not { Phase: not DeparturePhase.Over } departure)
        {
            return;
        }

        var view = await guest.Monitor.Look(guest.Record, cancel);
        if (IsLate(guest, departure, view))
        {
            await End(guest, $"it was not at its switch within {departure.Terms.DurationSeconds} s", cancel);
        }
        else if (!departure.Terms.IsLive)
        {
            await OrEnd(guest, () => ColdDepartures.Advance(guest, departure, view, cancel), cancel);
        }
        else if (departure.Phase == DeparturePhase.Preparing)
        {
            await OrEnd(guest, () => Prepare(guest, departure, view, cancel), cancel);
        }
        else
        {
            await Follow(guest, departure, view, cancel);
        }
    }

    /// <summary>Sends the rest of a VM that is at its switch; what is sent already stays so.</summary>
    /// <exception cref="DriverException">It is not at the switch of this migration.</exception>
    public static async Task Switch(QemuGuest guest, MigrationId migration, CancellationToken cancel)
    {
        var view = await guest.Monitor.Look(guest.Record, cancel);
        var sighting = Sightings.Of(guest.Record, view);
        if (guest.Record.Departure is not { } departure || departure.Migration != migration || sighting.State is not (GuestState.AtSwitch or GuestState.Sending or GuestState.Sent))
        {
            throw new DriverException($"{guest.Record.Guest.Vm} is {sighting.State} here, not at the switch of {migration}");
        }

        var needsSwitch = departure.Terms.IsLive ? view.Migration.IsAtSwitch : sighting.State == GuestState.AtSwitch;
        if (!needsSwitch)
        {
            return;
        }

        if (departure.Terms.IsLive && !view.Copies.IsEmpty && !await FinishCopies(guest, departure, view, cancel))
        {
            throw new DriverException($"{guest.Record.Guest.Vm}: the last of its disks is not at the destination yet; it waits at its switch");
        }

        guest.Note(guest.Record with { Departure = guest.Record.Departure with { WasToldToSwitch = true } });
        if (departure.Terms.IsLive)
        {
            await SendRest(guest, cancel);
        }
    }

    /// <summary>Takes a transfer back: the VM runs on here. One that has sent all stays so; one of another migration is left alone.</summary>
    /// <exception cref="DriverException">QEMU does not come to rest.</exception>
    public static Task Cancel(QemuGuest guest, MigrationId migration, CancellationToken cancel) =>
        guest.Record.Departure is { Phase: DeparturePhase.Preparing or DeparturePhase.Copying } departure && departure.Migration == migration
            ? End(guest, "it was taken back", cancel)
            : Task.CompletedTask;

    /// <summary>Ends a transfer. Whatever QEMU does, it ends in one of two: all was sent, or the VM runs here.</summary>
    /// <exception cref="DriverException">QEMU does not come to rest.</exception>
    public static async Task End(QemuGuest guest, string fault, CancellationToken cancel)
    {
        var vm = guest.Record.Guest.Vm;
        var begun = guest.Host.Clock.GetTimestamp();
        for (QmpException? last = null; guest.Host.Clock.GetElapsedTime(begun) < 10 * guest.Host.Options.Patience; await Task.Delay(Moment, guest.Host.Clock, cancel))
        {
            try
            {
                if (await IsEnded(guest, fault, cancel))
                {
                    return;
                }
            }
            catch (QmpException.Silent silent) when (last is null)
            {
                last = silent;
                await guest.Monitor.Yank(Nodes(guest).Append(WholeMark.Node).Select(DiskCopies.There), cancel);
            }
            catch (QmpException.Silent silent)
            {
                last = silent;
            }
        }

        throw new DriverException($"{vm}: its transfer cannot be ended, QEMU does not come to rest; should it stay so, stop the VM here and let the destination run, or fence this host");
    }

    /// <summary>Names the copies of a VM's disks.</summary>
    public static ImmutableArray<string> Nodes(QemuGuest guest) => [.. QemuCommandLine.Nodes(guest.Record, guest.Folder).Select(node => node.Node)];

    private static bool IsLate(QemuGuest guest, Departure departure, MonitorView view) =>
        departure.Terms.DurationSeconds is { } seconds
        && view.Runs
        && (departure.Phase == DeparturePhase.Preparing || view.Migration.IsBeforeSwitch)
        && guest.Host.Clock.GetUtcNow() - departure.BegunAt > TimeSpan.FromSeconds(seconds);

    private static async Task BeginLive(QemuGuest guest, CancellationToken cancel)
    {
        var departure = guest.Record.Departure!;
        if (Nodes(guest) is { IsEmpty: false } nodes)
        {
            // Of an earlier transfer, or of this one before the driver was started anew.
            await DiskCopies.GiveUp(guest.Monitor, nodes, guest.Host.Options, guest.Host.Clock, cancel);
            await DiskCopies.Begin(guest.Monitor, QemuCommandLine.Nodes(guest.Record, guest.Folder).Select(node => (node.Node, node.IsLayer)), departure.To, departure.Terms.BytesPerSecond, cancel);
        }
    }

    private static async Task Prepare(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel)
    {
        var nodes = Nodes(guest);
        var isBegun = !view.Migration.CameToNothing && !view.Migration.IsComplete;
        var copies = DiskCopies.StateOf(view.Copies, nodes);
        if (isBegun || copies == CopiesState.Ready)
        {
            if (!isBegun)
            {
                await SendMemory(guest.Monitor, departure, cancel);
            }

            guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Copying } });
        }
        else if (copies == CopiesState.Failed)
        {
            await (view.Copies.IsEmpty && guest.CopyFault is null ? BeginLive(guest, cancel) : End(guest, $"a disk could not be copied: {guest.CopyFault ?? "QEMU does not say why"}", cancel));
        }
    }

    private static async Task SendMemory(QemuMonitor monitor, Departure departure, CancellationToken cancel)
    {
        await Capabilities.Set(monitor, departure.Terms, cancel);
        await monitor.Do("migrate-set-parameters", new()
        {
            ["max-bandwidth"] = departure.Terms.BytesPerSecond ?? Unlimited,
            ["downtime-limit"] = Math.Clamp((long)(departure.Terms.DowntimeSeconds * 1000), 1, LongestDowntimeMilliseconds),
        }, cancel);
        await monitor.Do("migrate", new() { ["uri"] = departure.To.Memory }, cancel);
    }

    private static async Task Follow(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel)
    {
        if (view.Migration.IsAtSwitch && !view.Copies.IsEmpty)
        {
            await FinishCopies(guest, departure, view, cancel);
        }
        else if (view.Migration.IsAtSwitch && departure.WasToldToSwitch)
        {
            // The driver before this one ended between writing it down and saying it. Said twice, it is done once.
            await SendRest(guest, cancel);
        }
        else if (view.Migration.IsComplete)
        {
            var downtime = view.Migration.DowntimeMilliseconds > 0 ? view.Migration.DowntimeMilliseconds / 1000 : (double?)null;
            guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Sent, DowntimeSeconds = downtime, Seconds = Elapsed(guest, departure) } });
        }
        else if (view.Migration.CameToNothing)
        {
            await End(guest, view.Migration.Fault ?? "the destination is gone", cancel);
        }
        else if (view.Migration is { IsBeforeSwitch: true, Rounds: >= SafeRounds } && departure.Remark is null && QemuProbe.LosesWrites(await guest.Host.Facts(cancel)))
        {
            guest.Note(guest.Record with
            {
                Departure = departure with { Remark = "goes to its switch after two rounds, however long it stands still: this QEMU loses writes of emulated VMs in more" },
            });
            await guest.Monitor.Do("migrate-set-parameters", new() { ["downtime-limit"] = LongestDowntimeMilliseconds }, cancel);
        }
    }

    private static async Task SendRest(QemuGuest guest, CancellationToken cancel) =>
        await guest.Monitor.Do("migrate-continue", new() { ["state"] = "pre-switchover" }, cancel);

    private static async Task<bool> FinishCopies(QemuGuest guest, Departure departure, MonitorView view, CancellationToken cancel)
    {
        guest.Note(guest.Record with { Departure = departure with { DiskBytes = view.Copies.Sum(copy => copy.Bytes) } });
        return await DiskCopies.Finish(guest.Monitor, Nodes(guest), guest.Host.Options, guest.Host.Clock, cancel);
    }

    private static double Elapsed(QemuGuest guest, Departure departure) => (guest.Host.Clock.GetUtcNow() - departure.BegunAt).TotalSeconds;

    // What QEMU refuses here it refuses again, as where the destination is gone.
    private static async Task OrEnd(QemuGuest guest, Func<Task> work, CancellationToken cancel)
    {
        try
        {
            await work();
        }
        catch (QmpException.Refused refused)
        {
            await End(guest, refused.Message, cancel);
        }
    }

    private static async Task<bool> IsEnded(QemuGuest guest, string fault, CancellationToken cancel)
    {
        var departure = guest.Record.Departure!;
        var view = await guest.Monitor.Look(guest.Record, cancel);
        if (departure.Terms.IsLive && departure.Phase == DeparturePhase.Copying && view.Migration.IsComplete)
        {
            await Follow(guest, departure, view, cancel);
            return true;
        }

        if (!view.Migration.CameToNothing && !view.Migration.IsComplete)
        {
            await guest.Monitor.Do("migrate_cancel", cancel);
            return false;
        }

        if (!await DiskCopies.GiveUp(guest.Monitor, Nodes(guest).Add(WholeMark.Node), guest.Host.Options, guest.Host.Clock, cancel))
        {
            await guest.Monitor.Yank(Nodes(guest).Append(WholeMark.Node).Select(DiskCopies.There), cancel);
            return false;
        }

        if (!view.Runs)
        {
            // QEMU lets it run again by itself after a transfer of memory; one that was stopped for a cold move, or that was paused before, it does not.
            await (departure.Terms.IsLive ? Task.CompletedTask : ColdDepartures.GoOn(guest, view, cancel));
            return false;
        }

        guest.Note(guest.Record with { Departure = departure with { Phase = DeparturePhase.Over, Fault = fault, Seconds = Elapsed(guest, departure) } });
        return true;
    }
}
