using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>Whether a VM lives: what QEMU calls running may hang.</summary>
internal static class LifeSign
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a VM's processors do something, and until its network answers if somebody knows an IPv4 address of it.</summary>
    /// <exception cref="DriverException">It shows no sign of life in time.</exception>
    /// <exception cref="QmpException">QEMU does not answer.</exception>
    public static async Task Wait(QemuGuest guest, CancellationToken cancel)
    {
        await WaitForWork(guest, cancel);
        var record = guest.Record.Guest;
        var asked = record.Nics.SelectMany(nic => nic.Addresses, (nic, address) => (Nic: nic, Address: address)).Where(asked => asked.Address.Kind == AddressKind.IPv4).ToArray();
        if (asked.Length == 0 || guest.Host.Options.ArpProgram.IsEmpty)
        {
            return;
        }

        // One of its addresses is enough: its owner may have switched an interface off.
        var answers = await Task.WhenAll(asked.Select(one => Answers(guest, one.Address, one.Nic, cancel)));
        if (!guest.IsAlive)
        {
            throw Ended(record.Vm);
        }

        if (!answers.Contains(true))
        {
            throw new DriverException(
                $"{record.Vm} runs, but none of {string.Join(", ", asked.Select(one => one.Address))} answers on {string.Join(", ", asked.Select(one => guest.Host.Options.BridgeOf(one.Nic)).Distinct())} within {guest.Host.Options.LifeSign.TotalSeconds} s");
        }
    }

    private static async Task WaitForWork(QemuGuest guest, CancellationToken cancel)
    {
        var (host, vm) = (guest.Host, guest.Record.Guest.Vm);
        int[] threads = [.. (await guest.Monitor.Do("query-cpus-fast", cancel)).AsArray().Select(cpu => (int)cpu!["thread-id"]!)];
        var pid = HostProcess.Of(guest.Folder.PidFile) ?? throw Ended(vm);
        var before = HostProcess.Work(pid, threads);
        for (var begun = host.Clock.GetTimestamp(); HostProcess.Work(pid, threads) <= before; await Task.Delay(Moment, host.Clock, cancel))
        {
            if (!guest.IsAlive)
            {
                throw Ended(vm);
            }

            if (host.Clock.GetElapsedTime(begun) > host.Options.LifeSign)
            {
                throw new DriverException($"{vm} runs, but none of its processors did anything within {host.Options.LifeSign.TotalSeconds} s");
            }
        }
    }

    private static DriverException Ended(VmRef vm) => new($"{vm}: its process ended as it was told to run");

    // Asked as one who looks whether an address is free (RFC 5227): the bridge needs no address of its own for it.
    private static async Task<bool> Answers(QemuGuest guest, Address address, GuestNic nic, CancellationToken cancel)
    {
        var host = guest.Host;
        var begun = host.Clock.GetTimestamp();
        do
        {
            var said = await host.Programs.Try([.. host.Options.ArpProgram, "-D", "-I", host.Options.BridgeOf(nic), "-c", "1", "-w", "1", address.ToString()], "", cancel);
            if (said.StandardOutput.Contains(nic.Mac, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        while (guest.IsAlive && host.Clock.GetElapsedTime(begun) < host.Options.LifeSign);
        return false;
    }
}
