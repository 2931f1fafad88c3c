using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>VMs that are sent from a host: begun, and what became of them while nobody asked.</summary>
internal sealed class LibvirtDepartures(LibvirtHost host)
{
    // What libvirt takes for no limit, MiB/s: its own greatest value.
    private const long Unlimited = 8_796_093_022_207;

    // A source that was told to send has begun by then, or never will.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    /// <summary>Begins to send a VM, or sends one that is stopped.</summary>
    public async Task Begin(LibvirtRecord record, CancellationToken cancel)
    {
        if (record.Terms!.IsLive)
        {
            await Limit(record.Domain, record.Terms, cancel);
            await host.Job(record.Guest.Vm).Start(record.Domain, record.To!, record.Terms, host.Clock, cancel);
        }
        else
        {
            await Settled(record.Guest.Vm, cancel);
        }
    }

    /// <summary>Ends a transfer, and returns when the VM runs here again, or all of it is sent.</summary>
    public async Task Cancel(LibvirtRecord record, CancellationToken cancel)
    {
        host.Records.Write(record with { Fault = "it was cancelled" });
        while ((await Settled(record.Guest.Vm, cancel))?.Phase == LibvirtPhase.Sending)
        {
            await host.Virsh.Try(["domjobabort", record.Domain], cancel);
            await Task.Delay(LibvirtHost.Moment, host.Clock, cancel);
        }
    }

    /// <summary>What is known of a VM, brought up to date where it is sent; null: nothing.</summary>
    public async Task<LibvirtRecord?> Settled(VmRef vm, CancellationToken cancel)
    {
        if (host.Records.Read(vm) is not { Phase: LibvirtPhase.Sending } record)
        {
            return host.Records.Read(vm) is { Phase: LibvirtPhase.Unexpected } left ? await Refused(left, cancel) : host.Records.Read(vm);
        }

        if (!record.Terms!.IsLive)
        {
            return await SettledCold(record, cancel);
        }

        var info = await host.Info(host.Options.Uri, record.Domain, completed: false, cancel);
        if (host.Job(vm).IsActive || info is { IsActive: true })
        {
            return await InTime(record, cancel);
        }

        if ((await host.States(cancel)).ContainsKey(record.Domain))
        {
            var fault = record.Fault ?? (host.Job(vm).ExitCode is null ? "its sending was not begun, or was ended" : host.Job(vm).Complaint);
            return host.Records.Write(record with { Phase = LibvirtPhase.Running, Fault = fault });
        }

        return await Arrived(record, cancel) switch
        {
            true => host.Records.Write(record with { Phase = LibvirtPhase.Sent, Fault = null, Last = (await host.Info(record.To!.Peer, record.Domain, completed: true, cancel))?.Progress(record.Migration!.Value) ?? record.Last }),
            false => null,
            null => record,
        };
    }

    private async Task<LibvirtRecord?> Refused(LibvirtRecord left, CancellationToken cancel)
    {
        await host.Clear(left.Guest.Vm, cancel);
        if (host.Clock.GetUtcNow() - left.Began!.Value > Late)
        {
            host.Records.Remove(left.Guest.Vm);
        }

        return null;
    }

    private async Task<LibvirtRecord> InTime(LibvirtRecord record, CancellationToken cancel)
    {
        if (record.Terms!.DurationSeconds is { } most && record.Fault is null && (host.Clock.GetUtcNow() - record.Began!.Value).TotalSeconds > most)
        {
            record = host.Records.Write(record with { Fault = string.Create(CultureInfo.InvariantCulture, $"not at its switch after {most} s, the longest that it may take") });
        }

        // Told again and again: a job that is about to begin cannot be aborted yet.
        if (record.Fault is not null)
        {
            await host.Virsh.Try(["domjobabort", record.Domain], cancel);
        }

        return record;
    }

    // Stopped first, described at the destination then: in this order two never run.
    private async Task<LibvirtRecord> SettledCold(LibvirtRecord record, CancellationToken cancel)
    {
        var xml = await host.WriteXml(record.Guest, cancel);
        if (record.Fault is null)
        {
            await PowerDown(record.Domain, cancel);
            try
            {
                await host.Virsh.At(record.To!.Peer, ["define", xml], cancel);
                return host.Records.Write(record with { Phase = LibvirtPhase.Sent });
            }
            catch (DriverException fault)
            {
                record = host.Records.Write(record with { Fault = fault.Message });
            }
        }

        if (!(await host.States(cancel)).ContainsKey(record.Domain))
        {
            await host.Virsh.Do(["create", xml], cancel);
        }

        return host.Records.Write(record with { Phase = LibvirtPhase.Running });
    }

    private async Task PowerDown(string domain, CancellationToken cancel)
    {
        var since = host.Clock.GetTimestamp();
        await host.Virsh.Try(["shutdown", domain], cancel);
        while ((await host.States(cancel)).ContainsKey(domain))
        {
            if (host.Clock.GetElapsedTime(since) >= host.Options.PowerDown)
            {
                await host.Virsh.Try(["destroy", domain], cancel);
            }

            await Task.Delay(LibvirtHost.Moment, host.Clock, cancel);
        }
    }

    // Whether a VM that is gone from here is at its destination; null: it cannot be asked.
    private async Task<bool?> Arrived(LibvirtRecord record, CancellationToken cancel)
    {
        if (host.Job(record.Guest.Vm).ExitCode == 0)
        {
            return true;
        }

        try
        {
            var there = DomainState.Read(await host.Virsh.At(record.To!.Peer, ["domstats", "--state"], cancel));
            return there.TryGetValue(record.Domain, out var state) && (state.IsComplete || state.IsRunning);
        }
        catch (DriverException)
        {
            return null;
        }
    }

    private async Task Limit(string domain, TransferTerms terms, CancellationToken cancel)
    {
        var speed = terms.BytesPerSecond is { } bytes ? Math.Max(1, bytes >> 20) : Unlimited;
        await host.Virsh.Do(["migrate-setspeed", domain, Text(speed)], cancel);
        await host.Virsh.Do(["migrate-setmaxdowntime", domain, Text((long)Math.Max(1, terms.DowntimeSeconds * 1000))], cancel);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
