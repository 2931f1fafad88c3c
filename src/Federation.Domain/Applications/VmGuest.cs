using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Applications;

/// <summary>What a VM starts from and believes to run on, as its owner described it. Holds lists: compared by reference.</summary>
/// <remarks>
/// In <see cref="UserData"/> and in a kernel's arguments <c>${vm:name}</c> and <c>${vm:address}</c> stand for the VM's name and its first IP address, be it
/// named or given by its network, so that the VMs of a cluster can have one text. Secrets are named in user data, see <see cref="SecretReferences"/>, and are never part of this.
/// </remarks>
public sealed record VmGuest
{
    /// <summary>What it believes to run on.</summary>
    public GuestHardware Hardware { get; init; } = new();

    /// <summary>A kernel to start directly; null: it starts from its first disk.</summary>
    public VmKernel? Kernel { get; init; }

    /// <summary>Its disks, the first one first; names unique.</summary>
    public ImmutableArray<VmDisk> Disks { get; init; } = [];

    /// <summary>Its network interfaces, in order; empty: a single one that has all of the VM's addresses.</summary>
    public ImmutableArray<VmNic> Nics { get; init; } = [];

    /// <summary>What cloud-init is given, secrets by name; null: nothing.</summary>
    public string? UserData { get; init; }

    /// <summary>Whether it says nothing, so that a VM is as well described without it.</summary>
    [JsonIgnore]
    public bool IsEmpty => Hardware == new GuestHardware() && Kernel is null && Disks.IsEmpty && Nics.IsEmpty && UserData is null;

    /// <summary>What its disks may take, bytes.</summary>
    [JsonIgnore]
    public long DiskBytes => Disks.Sum(disk => disk.SizeBytes);

    /// <summary>The names of the images that it starts from, each once.</summary>
    [JsonIgnore]
    public IEnumerable<string> Images => new[] { Kernel?.Image, Kernel?.Initrd }.Concat(Disks.Select(disk => disk.Image)).OfType<string>().Distinct();
}

/// <summary>A kernel that is started without a boot loader.</summary>
/// <param name="Image">The name of its image.</param>
/// <param name="Initrd">The name of the image of its first file system; null: none.</param>
/// <param name="Arguments">Its command line.</param>
public sealed record VmKernel(string Image, string? Initrd, string Arguments);

/// <summary>A disk: a layer of its own over an image that is shared and never written.</summary>
/// <param name="Name">Its name, unique in the VM.</param>
/// <param name="Image">The name of the image that it begins with; null: it is empty.</param>
/// <param name="SizeBytes">Its size, bytes, more than 0.</param>
/// <param name="WrittenBytes">How much its own layer is expected to hold, bytes, at most its size: that is what a move sends; null: all of it.</param>
/// <param name="WrittenBytesPerSecond">How fast it is written, bytes per second; 0 or more.</param>
public sealed record VmDisk(string Name, string? Image, long SizeBytes, long? WrittenBytes = null, double WrittenBytesPerSecond = 0)
{
    /// <summary>What a move sends of it, bytes, what is written meanwhile left aside.</summary>
    [JsonIgnore]
    public long SentBytes => WrittenBytes ?? SizeBytes;
}

/// <summary>A network interface. Holds a list: compared by reference.</summary>
/// <param name="Mac">Its hardware address; null: one that is derived from the VM's name and stays the same.</param>
/// <param name="Addresses">Which of the VM's addresses it has, none of them a hardware address.</param>
public sealed record VmNic(Address? Mac, ImmutableArray<Address> Addresses);
