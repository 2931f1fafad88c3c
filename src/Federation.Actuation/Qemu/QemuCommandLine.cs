using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Actuation.Qemu;

/// <summary>How QEMU is called for a VM. The two ends of a move have to be called alike, apart from files' names and what is waited for.</summary>
internal static class QemuCommandLine
{
    private const long Kibi = 1024;
    private const long SafeUnit = 8 * Kibi;
    private const long UnsafeUnit = 256 * Kibi;

    /// <summary>The memory that a VM is given, bytes: what it asks for, rounded up to 8 KiB, and 8 KiB more where that is needed to be safe.</summary>
    /// <remarks>
    /// QEMU before 9.0 loses writes under emulation where a size is a multiple of 256 KiB: a short way to clear the marks of written pages forgets to
    /// tell the processors. Emulated VMs have a size that avoids it, whatever the version, so that both ends agree.
    /// </remarks>
    public static long Memory(long asked, bool isEmulated)
    {
        var whole = (asked + SafeUnit - 1) / SafeUnit * SafeUnit;
        return isEmulated && whole % UnsafeUnit == 0 ? whole + SafeUnit : whole;
    }

    /// <summary>The words, the program aside.</summary>
    /// <param name="record">The VM, nothing of it left open.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="images">Where an image is.</param>
    /// <param name="isEmulated">Whether its processors are emulated.</param>
    /// <param name="options">The host.</param>
    public static ImmutableArray<string> Of(
        GuestRecord record, GuestFolder folder, Func<GuestImage, string> images, bool isEmulated, QemuOptions options)
    {
        var guest = record.Guest;
        return
        [
            "-name", $"guest={guest.Vm.Key.Replace(",", ",,", StringComparison.Ordinal)}",
            "-machine", guest.Hardware.Machine!,
            "-accel", isEmulated ? string.Create(CultureInfo.InvariantCulture, $"tcg,thread=multi,tb-size={options.EmulationCacheMegabytes}") : "kvm",
            "-cpu", guest.Hardware.CpuModel!,
            "-smp", guest.Vcpus.ToString(CultureInfo.InvariantCulture),
            "-m", string.Create(CultureInfo.InvariantCulture, $"{guest.MemoryBytes / Kibi}K"),
            "-nodefaults", "-no-user-config", "-display", "none", "-no-shutdown",
            "-sandbox", "on,obsolete=deny,resourcecontrol=deny",
            .. Kernel(guest.Kernel, images),
            "-chardev", $"socket,id=console,path={folder.Console},server=on,wait=off,logfile={folder.ConsoleLog},logappend=on", "-serial", "chardev:console",
            .. Monitor("driver", folder.Monitor), .. Monitor("urgent", folder.OutOfBand),
            .. options.HasObservers ? Monitor("observer", folder.Observer) : [],
            .. Disks(record, folder),
            .. guest.Nics.SelectMany((nic, index) => Nic(guest.Vm, nic, index)),
            .. record.ReceivedBy is null ? ImmutableArray<string>.Empty : record.IsLive ? ["-S", "-incoming", "defer"] : ["-S"],
            // A process of its own session, which outlives who started it. Some kind of log has to be asked for, or errors go nowhere; this kind is never written.
            "-daemonize", "-pidfile", folder.PidFile, "-D", folder.Log, "-d", "strace",
        ];
    }

    /// <summary>The name of the host's end of a VM's network interface; at most 15 characters.</summary>
    public static string Tap(VmRef vm, int index) =>
        "fv" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{vm.Key} {index}"))))[..12];

    /// <summary>The block devices of a VM that a move copies: each one's name, and its file.</summary>
    public static ImmutableArray<(string Node, string File, bool IsLayer)> Nodes(GuestRecord record, GuestFolder folder) =>
    [
        .. record.Guest.Disks.Select((_, index) => (string.Create(CultureInfo.InvariantCulture, $"disk{index}"), folder.Disk(index), true)),
        .. record.HasSeed ? [("seed", folder.Seed, false)] : ImmutableArray<(string, string, bool)>.Empty,
    ];

    private static IEnumerable<string> Kernel(GuestKernel? kernel, Func<GuestImage, string> images) => kernel is null ? [] :
    [
        "-kernel", images(kernel.Image), "-append", kernel.Arguments,
        .. kernel.Initrd is { } initrd ? ["-initrd", images(initrd)] : Array.Empty<string>(),
    ];

    private static string[] Monitor(string name, string path) =>
        ["-chardev", $"socket,id={name},path={path},server=on,wait=off", "-mon", $"chardev={name},mode=control"];

    private static IEnumerable<string> Disks(GuestRecord record, GuestFolder folder)
    {
        // A copy that comes while it runs does not hold its disks until it has all; a cold one is a VM that stands still, and lets others write to them.
        var isShared = record is { ReceivedBy: not null, IsLive: false };
        return Nodes(record, folder).SelectMany((node, index) => (string[])
        [
            "-blockdev", $"driver=file,node-name=file-{node.Node},filename={node.File}",
            "-blockdev", $"driver={(node.IsLayer ? "qcow2" : "raw")},node-name={node.Node},file=file-{node.Node}",
            "-device", string.Create(CultureInfo.InvariantCulture, $"virtio-blk-pci,drive={node.Node},id=dev-{node.Node}{(isShared ? ",share-rw=on" : "")}{(node.IsLayer && record.Guest.Kernel is null ? $",bootindex={index + 1}" : "")}"),
        ]);
    }

    // QEMU makes the host's end itself, so that it goes with the process however that ends.
    private static string[] Nic(VmRef vm, GuestNic nic, int index) =>
    [
        "-netdev", string.Create(CultureInfo.InvariantCulture, $"tap,id=net{index},ifname={Tap(vm, index)},script=no,downscript=no"),
        "-device", string.Create(CultureInfo.InvariantCulture, $"virtio-net-pci,netdev=net{index},mac={nic.Mac},romfile={(nic.Mtu is { } mtu ? $",host_mtu={mtu}" : "")}"),
    ];
}
