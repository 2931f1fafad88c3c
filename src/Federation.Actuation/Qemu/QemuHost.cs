using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;

namespace Federation.Actuation.Qemu;

/// <summary>What the VMs of a host have in common: its settings, its programs, its images, what its QEMU can.</summary>
internal sealed class QemuHost(QemuOptions options, HttpClient http, TimeProvider clock)
{
    private readonly Lock asking = new();
    private Task<HypervisorFacts>? facts;

    /// <summary>The settings.</summary>
    public QemuOptions Options { get; } = options;

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>The programs.</summary>
    public HostPrograms Programs { get; } = new(options.Launcher);

    /// <summary>The images.</summary>
    public ImageStore Images { get; } = new(Path.Combine(options.Directory, "images"), http);

    /// <summary>Where the VMs' folders are.</summary>
    public string Guests { get; } = Path.Combine(options.Directory, "vms");

    /// <summary>What the host's QEMU is and can; asked once.</summary>
    /// <exception cref="DriverException">It is not there.</exception>
    public Task<HypervisorFacts> Facts(CancellationToken cancel)
    {
        lock (asking)
        {
            // Whoever asks first must not end the asking for the others; and one that failed is tried again.
            facts = facts is null or { IsFaulted: true } or { IsCanceled: true } ? new QemuProbe(Options, Programs).Ask(CancellationToken.None) : facts;
            return facts.WaitAsync(cancel);
        }
    }

    /// <summary>A VM as it really is here: nothing of what it believes to run on left open, its memory as it is given. Done again, it changes nothing.</summary>
    /// <exception cref="DriverException">This host has not what it asks for.</exception>
    public async Task<GuestSpec> Settle(GuestSpec guest, CancellationToken cancel)
    {
        if (Options.Bridge is null && guest.Nics.Any(nic => nic.Bridge is null))
        {
            throw new DriverException($"{guest.Vm} has network interfaces, and this host has no bridge for them: name one in its settings");
        }

        var facts = await Facts(cancel);
        var hardware = QemuProbe.Settle(guest.Hardware, facts);
        return guest with { Hardware = hardware, MemoryBytes = QemuCommandLine.Memory(guest.MemoryBytes, IsEmulated(hardware, facts)) };
    }

    /// <summary>Makes a VM's disks and starts its process. What is written down of it has to be there; whatever an earlier process left is cleared.</summary>
    /// <param name="record">The VM.</param>
    /// <param name="userData">What cloud-init is given, which is not in the record.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancel">Ends the work.</param>
    /// <exception cref="DriverException">It cannot be started, with what QEMU said.</exception>
    public async Task Launch(GuestRecord record, string? userData, GuestFolder folder, CancellationToken cancel)
    {
        var guest = record.Guest with { UserData = userData };
        await new GuestDisks(Images, Programs, Options.ImageProgram).Make(guest, folder, record.HasSeed, record.ReceivedBy is not null, cancel);
        File.Delete(folder.PidFile);
        var program = Options.Programs.First(program => program.Architecture == guest.Hardware.Architecture).Program;
        var isEmulated = IsEmulated(guest.Hardware, await Facts(cancel));
        await Programs.Do([program, .. QemuCommandLine.Of(record, folder, Images.PathOf, isEmulated, Options)], cancel);
        await Connect(guest, cancel);
    }

    /// <summary>Puts a VM's network interfaces on their bridges; those that are there stay so.</summary>
    /// <exception cref="DriverException">One cannot be put there.</exception>
    public async Task Connect(GuestSpec guest, CancellationToken cancel)
    {
        foreach (var (index, nic) in guest.Nics.Index())
        {
            // A bridge takes the lowest address of its ports, and moves that come to the host would wait a minute for its neighbours to ask anew.
            string[] mtu = nic.Mtu is { } longest ? ["mtu", longest.ToString(CultureInfo.InvariantCulture)] : [];
            await Programs.Do(
                ["ip", "link", "set", "dev", QemuCommandLine.Tap(guest.Vm, index), "address", $"fe{nic.Mac[2..]}", .. mtu, "master", Options.BridgeOf(nic), "up"], cancel);
        }
    }

    /// <summary>Removes the images that no VM here needs.</summary>
    public void PruneImages() => Images.Prune(GuestFolder.All(Guests).Select(folder => folder.Read()).OfType<GuestRecord>()
        .SelectMany(record => GuestDisks.Images(record.Guest)).Select(image => image.Sha256).ToHashSet());

    private static bool IsEmulated(GuestHardware hardware, HypervisorFacts facts) => facts.IsEmulated || hardware.Architecture != facts.Architectures[0];
}
