using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Files.Quantities;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads what VMs start from.</summary>
/// <param name="images">The application's images.</param>
internal sealed class GuestReader(ImmutableArray<GuestImage> images)
{
    // An image whose name is faulty may be the one that a VM names.
    private readonly bool areKnown = images.All(image => image.Name.Length > 0);
    private readonly HashSet<string> names = [.. images.Select(image => image.Name)];

    /// <summary>What VMs have in common in the long and the short form; null: none of it is said.</summary>
    public VmGuest? Read(Section vm)
    {
        var hardware = new GuestHardware(
            vm.Read("architecture", Names.Label, new GuestHardware().Architecture),
            vm.Find("machine")?.Read(Names.Label, ""),
            vm.Find("cpuModel")?.Read(Names.Label, ""));
        var guest = new VmGuest
        {
            Hardware = hardware,
            Kernel = vm.Inner("kernel", ApplicationShapes.Kernel) is { } kernel ? ReadKernel(kernel) : null,
            Disks = ReadDisks(vm),
            UserData = vm.Find("userData")?.Read(Guests.UserData, ""),
        };
        return guest.IsEmpty ? null : guest;
    }

    private VmKernel ReadKernel(Section kernel) => new(
        ReadImage(kernel, "image") ?? "", ReadImage(kernel, "initrd"), kernel.Read("arguments", Guests.KernelArguments, ""));

    private ImmutableArray<VmDisk> ReadDisks(Section vm)
    {
        var disks = new HashSet<string>();
        return [.. vm.Sections("disks", ApplicationShapes.Disk).Select(disk => ReadDisk(disk, disks))];
    }

    private VmDisk ReadDisk(Section disk, HashSet<string> disks)
    {
        var name = disk.Read("disk", Names.Label, "");
        if (name.Length > 0 && !disks.Add(name))
        {
            disk.Refuse("disk", "is the name of another disk of the VM", "give every disk of a VM a name of its own");
        }

        var (size, written) = (disk.ReadOptional("size", Guests.DiskSize), disk.ReadOptional("written", Sizes.Bytes));
        if (written > size)
        {
            disk.Refuse("written", $"is more than the disk's size of {Sizes.Write(size.Value)}", "write how much of the disk's own layer is expected to be written");
        }

        return new(name, ReadImage(disk, "image"), size ?? 1, written, disk.Read("writeRate", Rates.BytesPerSecond, 0));
    }

    private string? ReadImage(Section section, string key)
    {
        if (section.Find(key) is not { } named || named.Read(Names.Label, "") is not { Length: > 0 } image)
        {
            return null;
        }

        if (areKnown && !names.Contains(image))
        {
            named.Refuse("is no image of this application", names.Count == 0 ? "describe it under 'images'" : Nearest.Advice(image, names));
        }

        return image;
    }
}

/// <summary>Reads network interfaces, and sees that no hardware address comes twice.</summary>
/// <param name="owners">The addresses of the application's VMs so far, each with its VM.</param>
internal sealed class NicReader(Dictionary<Address, VmId> owners)
{
    /// <summary>The interfaces of a VM; empty: nothing is said of them.</summary>
    /// <param name="vm">The VM's mapping.</param>
    /// <param name="id">Its name.</param>
    /// <param name="addresses">Its addresses; null: not all of them could be read.</param>
    public ImmutableArray<VmNic> Read(Section vm, VmId id, ImmutableArray<Address>? addresses)
    {
        vm.RefuseEmpty("nics", "leave it out: the VM has one that is reached at all of its addresses");
        var macs = new HashSet<Address>();
        var reached = new HashSet<Address>();
        return [.. vm.Sections("nics", ApplicationShapes.Nic).Select(nic => ReadNic(nic, id, addresses, macs, reached))];
    }

    private VmNic ReadNic(Section nic, VmId id, ImmutableArray<Address>? addresses, HashSet<Address> macs, HashSet<Address> reached)
    {
        var mac = nic.ReadOptional("mac", Guests.Mac);
        if (mac is { } given && (!macs.Add(given) || (!owners.TryAdd(given, id) && owners[given] != id)))
        {
            nic.Refuse("mac", $"is that of another interface, of VM {owners[given]}", "give every interface a hardware address of its own, or leave it out");
        }

        var own = nic.ReadAll("addresses", Guests.Ip);
        foreach (var address in own)
        {
            if (addresses?.Contains(address) == false)
            {
                nic.Refuse("addresses", $"holds {address}, which is no address of the VM", "write it among the VM's 'addresses' as well");
            }
            else if (!reached.Add(address))
            {
                nic.Refuse("addresses", $"holds {address} of another interface", "give every address to one interface, once");
            }
        }

        return new(mac, own);
    }
}
