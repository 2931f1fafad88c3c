using System.Globalization;
using System.Xml.Linq;
using Federation.Actuation.Qemu;
using Federation.Domain.Guests;

namespace Federation.Actuation.Libvirt;

/// <summary>A VM as libvirt is told of it. Source: https://libvirt.org/formatdomain.html.</summary>
/// <param name="options">The host's.</param>
/// <param name="images">Where images are.</param>
/// <param name="isEmulated">Whether processors are emulated.</param>
internal sealed class DomainXml(LibvirtOptions options, ImageStore images, bool isEmulated)
{
    private static readonly XNamespace Qemu = "http://libvirt.org/schemas/domain/qemu/1.0";

    /// <summary>The domain's description.</summary>
    public XElement Of(GuestSpec guest) => new(
        "domain",
        new XAttribute("type", isEmulated ? "qemu" : "kvm"),
        new XAttribute(XNamespace.Xmlns + "qemu", Qemu.NamespaceName),
        new XElement("name", LibvirtRecord.NameOf(guest.Vm)),
        new XElement("memory", new XAttribute("unit", "b"), guest.MemoryBytes),
        new XElement("vcpu", guest.Vcpus),
        Boot(guest),
        new XElement("features", new XElement("acpi")),
        Cpu(guest),
        // A VM that ends by itself is not there any more; it is the service that starts it anew.
        new XElement("on_poweroff", "destroy"),
        new XElement("on_reboot", "restart"),
        new XElement("on_crash", "destroy"),
        new XElement("devices", guest.Disks.Select((disk, index) => Disk(guest, disk, index)), guest.Nics.Select((nic, index) => Nic(guest, nic, index)), Console(), new XElement("memballoon", new XAttribute("model", "none"))),
        Arguments(guest));

    /// <summary>Where a disk of a VM is.</summary>
    public string PathOf(GuestSpec guest, GuestDisk disk) =>
        Path.Combine(FolderOf(guest), Uri.EscapeDataString(disk.Name) + ".qcow2");

    /// <summary>Where a VM's disks are.</summary>
    public string FolderOf(GuestSpec guest) => Path.Combine(options.Storage, "disks", Uri.EscapeDataString(guest.Vm.Key));

    private XElement Boot(GuestSpec guest) => new(
        "os",
        new XElement("type", new XAttribute("arch", guest.Hardware.Architecture), new XAttribute("machine", guest.Hardware.Machine!), "hvm"),
        guest.Kernel is not { } kernel ? null : new object?[]
        {
            new XElement("kernel", images.PathOf(kernel.Image)),
            kernel.Initrd is { } initrd ? new XElement("initrd", images.PathOf(initrd)) : null,
            new XElement("cmdline", kernel.Arguments),
        });

    private XElement? Cpu(GuestSpec guest) => guest.Hardware.CpuModel is { } model
        ? new("cpu", new XAttribute("mode", "custom"), new XAttribute("match", "exact"), new XAttribute("check", "none"), new XElement("model", model))
        : isEmulated ? null
        : new XElement("cpu", new XAttribute("mode", "host-model"));

    private XElement Disk(GuestSpec guest, GuestDisk disk, int index) => new(
        "disk",
        new XAttribute("type", "file"),
        new XAttribute("device", "disk"),
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "qcow2"), new XAttribute("cache", "none")),
        new XElement("source", new XAttribute("file", PathOf(guest, disk))),
        new XElement("target", new XAttribute("dev", $"vd{(char)('a' + index)}"), new XAttribute("bus", "virtio")));

    // Where the agent names the bridge, it has to know the tap, too: libvirt would make up a name.
    private XElement Nic(GuestSpec guest, GuestNic nic, int index) => new(
        "interface",
        new XAttribute("type", "bridge"),
        new XElement("mac", new XAttribute("address", nic.Mac)),
        new XElement("source", new XAttribute("bridge", nic.Bridge ?? options.Bridge!)),
        nic.Bridge is null ? null : new XElement("target", new XAttribute("dev", QemuCommandLine.Tap(guest.Vm, index))),
        nic.Mtu is { } mtu ? new XElement("mtu", new XAttribute("size", mtu)) : null,
        new XElement("model", new XAttribute("type", "virtio")));

    private static XElement Console() => new("serial", new XAttribute("type", "pty"), new XElement("target", new XAttribute("port", "0")));

    // libvirt rounds memory up to whole MiB, and emulation needs an odd size: QEMU takes the last of what it is told twice.
    private XElement? Arguments(GuestSpec guest)
    {
        if (!isEmulated)
        {
            return null;
        }

        var size = (guest.MemoryBytes >> 10).ToString(CultureInfo.InvariantCulture) + "K";
        return new(Qemu + "commandline", new[]
        {
            "-object", $"memory-backend-ram,id=federation,size={size}", "-machine", "memory-backend=federation", "-m", $"size={size}",
        }.Select(word => new XElement(Qemu + "arg", new XAttribute("value", word))));
    }
}
