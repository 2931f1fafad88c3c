using System.Globalization;
using System.Security.Cryptography;
using Federation.Actuation.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Scenarios.Hosts;

/// <summary>A VM of the lab as drivers are told of it, and drivers for it, without agents and a service.</summary>
internal static class LabGuest
{
    private const long Memory = 16 << 20;

    /// <summary>The VM of a lab: it answers at an address of the lab's network.</summary>
    /// <param name="lab">The lab.</param>
    /// <param name="load">What it does with its memory, as tests/guests/pages.c says.</param>
    public static GuestSpec Of(HostLab lab, string load) => new()
    {
        Vm = VmRef.Parse("astro/moves.1/vm1"),
        Vcpus = 1,
        MemoryBytes = Memory,
        Kernel = new(new("pages", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(lab.Program))), [$"file://{lab.Program}"]), null, $"{load} ip=10.78.0.100"),
        Nics = [new("52:54:00:78:00:64", [Address.Parse("10.78.0.100")])],
    };

    /// <summary>The driver of a host.</summary>
    public static QemuDriver Driver(HostLab.RealHost host, HttpClient http) => new(
        new()
        {
            Directory = host.Folder,
            Address = host.Address,
            Bridge = "br0",
            ArpProgram = ["busybox", "arping"],
            Launcher = ["ip", "netns", "exec", host.Network.Space.Name],
            Emulates = true,
            HasObservers = true,
        },
        http,
        TimeProvider.System);

    /// <summary>Moves a VM as the service orders it where nothing goes wrong.</summary>
    /// <param name="number">Which move of the VM it is, from 1.</param>
    /// <param name="source">Where it runs.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="guest">The VM.</param>
    /// <param name="terms">How it may be done.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>What the source told of the copying at last.</returns>
    public static async Task<TransferProgress> Move(
        int number, IHypervisorDriver source, IHypervisorDriver destination, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        var migration = MigrationId.Parse(string.Create(CultureInfo.InvariantCulture, $"astro/moves.1.1.{number}"));
        await source.Send(migration, guest.Vm, await destination.Receive(migration, guest, terms, cancel), terms, cancel);
        await Until(source, GuestState.AtSwitch);
        await source.Switch(migration, guest.Vm, cancel);
        var sent = await Until(source, GuestState.Sent);
        await Until(destination, GuestState.Received);
        await destination.Run(guest.Vm, cancel);
        await source.Stop(guest.Vm, cancel);
        return sent.Transfer!;
    }

    private static async Task<GuestSighting> Until(IHypervisorDriver driver, GuestState state)
    {
        using var limit = Waiting.Limit();
        await foreach (var (_, now) in driver.Watch(limit.Token))
        {
            if (now?.Transfer?.Fault is { } fault)
            {
                throw new InvalidOperationException(fault);
            }

            if (now?.State == state)
            {
                return now;
            }
        }

        throw new OperationCanceledException(limit.Token);
    }
}
