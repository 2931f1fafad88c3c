using System.Collections.Immutable;
using System.Globalization;
using Federation.Actuation.Qemu;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Libvirt;

/// <summary>One host's libvirt, and what the driver keeps beside it.</summary>
/// <param name="options">The host.</param>
/// <param name="http">Gets images from the web.</param>
/// <param name="clock">Measures how long things take.</param>
internal sealed class LibvirtHost(LibvirtOptions options, HttpClient http, TimeProvider clock)
{
    private const long Odd = 8 << 10;
    private const long FastPath = 256 << 10;

    private readonly ImageStore images = new(Path.Combine(options.Storage, "images"), http);
    private HypervisorFacts? facts;

    /// <summary>The time between two looks at what is waited for.</summary>
    public static TimeSpan Moment { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The host.</summary>
    public LibvirtOptions Options => options;

    /// <summary>Measures how long things take.</summary>
    public TimeProvider Clock => clock;

    /// <summary>What is known of VMs.</summary>
    public LibvirtRecords Records { get; } = new(options.Directory);

    /// <summary>Its command line.</summary>
    public Virsh Virsh { get; } = new(options);

    /// <summary>What it can; asked once.</summary>
    public async Task<HypervisorFacts> Describe(CancellationToken cancel) => facts ??= await LibvirtFacts.Ask(Virsh, cancel);

    /// <summary>All domains' states, by name.</summary>
    public async Task<ImmutableDictionary<string, DomainState>> States(CancellationToken cancel) =>
        DomainState.Read(await Virsh.Do(["domstats", "--state"], cancel));

    /// <summary>What a libvirt tells of the migration of a domain; null: nothing.</summary>
    public async Task<JobInfo?> Info(string uri, string domain, bool completed, CancellationToken cancel)
    {
        try
        {
            return JobInfo.Read(await Virsh.At(uri, completed ? ["domjobinfo", "--completed", domain] : ["domjobinfo", domain], cancel));
        }
        catch (DriverException)
        {
            // A domain that is just gone, or a host that is: how far a move is, nobody decides by.
            return null;
        }
    }

    /// <summary>The program that carries a VM out.</summary>
    public MigrationJob Job(VmRef vm) => new(Records.FolderOf(vm), options);

    /// <summary>A VM as it will be here, its images fetched.</summary>
    public async Task<GuestSpec> Prepare(GuestSpec guest, CancellationToken cancel)
    {
        var can = await Describe(cancel);
        if (guest.UserData is not null)
        {
            throw new DriverException($"{guest.Vm} has user data for cloud-init, which libvirt's driver does not support: leave it out, or use a host with the driver qemu");
        }

        if (options.Bridge is null && guest.Nics.Any(nic => nic.Bridge is null))
        {
            throw new DriverException($"{guest.Vm} has a network interface, and the host's settings name no bridge");
        }

        foreach (var image in new[] { guest.Kernel?.Image, guest.Kernel?.Initrd }.Concat(guest.Disks.Select(disk => disk.Base)).OfType<GuestImage>())
        {
            await images.Fetch(image, cancel);
        }

        var isOdd = guest.MemoryBytes % FastPath != 0;
        return guest with
        {
            Hardware = guest.Hardware with { Machine = guest.Hardware.Machine ?? can.Machines[0] },
            MemoryBytes = can.IsEmulated && !isOdd ? guest.MemoryBytes + Odd : guest.MemoryBytes,
        };
    }

    /// <summary>Makes a VM's disks.</summary>
    public async Task MakeDisks(GuestSpec guest, CancellationToken cancel)
    {
        foreach (var disk in guest.Disks)
        {
            var path = Xml().PathOf(guest, disk);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ImmutableArray<string> over = disk.Base is { } image ? ["-b", images.PathOf(image), "-F", DiskFormat.Of(images.PathOf(image))] : [];
            var made = await Virsh.Run(["qemu-img", "create", "-q", "-f", "qcow2", .. over, path, Text(disk.SizeBytes)], cancel);
            if (made.ExitCode != 0)
            {
                throw new DriverException($"disk {disk.Name} of {guest.Vm} cannot be made: {Virsh.Said(made.StandardError)}");
            }
        }
    }

    /// <summary>Writes a VM's description for libvirt, and gives the file.</summary>
    public async Task<string> WriteXml(GuestSpec guest, CancellationToken cancel)
    {
        await Describe(cancel);
        var path = Path.Combine(Records.FolderOf(guest.Vm), "domain.xml");
        await File.WriteAllTextAsync(path, Xml().Of(guest).ToString(), cancel);
        return path;
    }

    /// <summary>Ends a VM's domain and its description.</summary>
    public async Task Clear(VmRef vm, CancellationToken cancel)
    {
        var domain = LibvirtRecord.NameOf(vm);
        while ((await States(cancel)).TryGetValue(domain, out var state))
        {
            await Virsh.Try([state.IsOff ? "undefine" : "destroy", domain], cancel);
        }
    }

    /// <summary>Removes a VM's disks.</summary>
    public void RemoveDisks(GuestSpec guest)
    {
        if (Directory.Exists(Xml().FolderOf(guest)))
        {
            Directory.Delete(Xml().FolderOf(guest), recursive: true);
        }
    }

    /// <summary>Returns when a VM's processors do something.</summary>
    public async Task UntilItLives(LibvirtRecord record, CancellationToken cancel)
    {
        var since = clock.GetTimestamp();
        var before = await Work(record.Domain, cancel);
        while (await Work(record.Domain, cancel) is var work && (work <= before || before is null))
        {
            before ??= work;
            if (clock.GetElapsedTime(since) > options.LifeSign)
            {
                throw new DriverException($"{record.Guest.Vm} runs, but none of its processors did anything within {options.LifeSign.TotalSeconds} s");
            }

            await Task.Delay(Moment, clock, cancel);
        }
    }

    private async Task<long?> Work(string domain, CancellationToken cancel)
    {
        var line = (await Virsh.Do(["domstats", "--cpu-total", domain], cancel)).Split('\n').FirstOrDefault(line => line.Contains("cpu.time=", StringComparison.Ordinal));
        return long.TryParse(line?.Split('=')[1], CultureInfo.InvariantCulture, out var nanoseconds) ? nanoseconds : null;
    }

    private DomainXml Xml() => new(options, images, facts?.IsEmulated ?? false);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
