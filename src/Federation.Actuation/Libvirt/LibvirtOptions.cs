using System.Collections.Immutable;

namespace Federation.Actuation.Libvirt;

/// <summary>How a host's VMs are run by libvirt. Holds a list: compared by reference.</summary>
public sealed record LibvirtOptions
{
    /// <summary>Where the driver keeps what it knows of each VM: a folder of this host that no other driver uses.</summary>
    public required string Directory { get; init; }

    /// <summary>The host's own libvirt. Default <c>qemu:///system</c>.</summary>
    public string Uri { get; init; } = "qemu:///system";

    /// <summary>Where other hosts' libvirts reach this one, such as <c>qemu+tls://h1/system</c>; null: VMs are not moved here.</summary>
    public string? PeerUri { get; init; }

    /// <summary>Where memory is sent to, such as <c>tcp://10.0.0.1</c>; null: as libvirt finds it.</summary>
    public string? MigrateUri { get; init; }

    /// <summary>Where images and disks are: storage that all hosts have at the same path.</summary>
    public required string Storage { get; init; }

    /// <summary>Whether <see cref="Storage"/> is taken for shared although libvirt cannot tell; else it refuses to move what has disks there. Default false.</summary>
    public bool TrustsStorage { get; init; }

    /// <summary>The bridge that VMs' network interfaces are put on; null: VMs of this host have none.</summary>
    public string? Bridge { get; init; }

    /// <summary>What is put before each program that this driver starts, as <c>ip netns exec h1</c>. Default nothing.</summary>
    public ImmutableArray<string> Launcher { get; init; } = [];

    /// <summary>How long a VM may take to switch itself off before a cold move stops it. Default 60 s.</summary>
    public TimeSpan PowerDown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a VM may take, once it runs, to show that its processors do something. Default 10 s.</summary>
    public TimeSpan LifeSign { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often libvirt is asked what is there, for those who watch. Default every second.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);
}
