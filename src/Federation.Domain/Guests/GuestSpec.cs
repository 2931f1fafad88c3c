using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Guests;

/// <summary>A VM as a hypervisor is told of it. Holds collections: compared by reference.</summary>
public sealed record GuestSpec
{
    /// <summary>The VM.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its vCPUs, at least 1.</summary>
    public required int Vcpus { get; init; }

    /// <summary>Its memory, bytes, more than 0. A driver may add some KiB and says so.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>What it believes to run on.</summary>
    public GuestHardware Hardware { get; init; } = new();

    /// <summary>A kernel to start directly; null: it starts from its first disk.</summary>
    public GuestKernel? Kernel { get; init; }

    /// <summary>Its disks, the first one first.</summary>
    public ImmutableArray<GuestDisk> Disks { get; init; } = [];

    /// <summary>Its network interfaces, in order.</summary>
    public ImmutableArray<GuestNic> Nics { get; init; } = [];

    /// <summary>What cloud-init is given, secrets put in; null: nothing. In no event and no log.</summary>
    public string? UserData { get; init; }

    /// <summary>Its VM and nothing of its user data: this gets into logs.</summary>
    public override string ToString() => $"guest {Vm}";
}

/// <summary>What a VM believes to run on.</summary>
/// <param name="Architecture">Of the processor, as QEMU names it. Default <c>x86_64</c>.</param>
/// <param name="Machine">The machine type with its version, as <c>pc-i440fx-7.2</c>; null: the newest that all its hosts have.</param>
/// <param name="CpuModel">The CPU model; null: the most that all its hosts have.</param>
public sealed record GuestHardware(string Architecture = "x86_64", string? Machine = null, string? CpuModel = null);

/// <summary>A file that VMs start from. Holds a list: compared by reference.</summary>
/// <param name="Name">Its name, unique in its application.</param>
/// <param name="Sha256">The SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Sources">Where it can be had, best first: <c>file:</c>, <c>http:</c> or <c>https:</c> addresses.</param>
public sealed record GuestImage(string Name, string Sha256, ImmutableArray<string> Sources);

/// <summary>A kernel that is started without a boot loader.</summary>
/// <param name="Image">The kernel.</param>
/// <param name="Initrd">Its first file system; null: none.</param>
/// <param name="Arguments">Its command line.</param>
public sealed record GuestKernel(GuestImage Image, GuestImage? Initrd, string Arguments);

/// <summary>A disk: a layer of its own over a base that is shared and never written.</summary>
/// <param name="Name">Its name, unique in the VM.</param>
/// <param name="Base">What it begins with; null: it is empty.</param>
/// <param name="SizeBytes">Its size, bytes, more than 0 and not below its base's.</param>
public sealed record GuestDisk(string Name, GuestImage? Base, long SizeBytes);

/// <summary>A network interface. Holds a list: compared by reference.</summary>
/// <param name="Mac">Its hardware address: six lower-case bytes with colons, <c>52:54:00:12:34:56</c>.</param>
/// <param name="Addresses">Where it is reached; empty: nobody asks it whether it lives.</param>
public sealed record GuestNic(string Mac, ImmutableArray<Address> Addresses)
{
    /// <summary>The bridge that the host puts it on; null: the one of its hypervisor's settings. An agent names it, no service does.</summary>
    public string? Bridge { get; init; }

    /// <summary>The longest packet on that bridge, bytes, which the VM is told where its hypervisor can; null: as is usual. An agent names it, no service does.</summary>
    public int? Mtu { get; init; }
}
