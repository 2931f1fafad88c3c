using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Qemu;

/// <summary>How a host's VMs are run by QEMU.</summary>
public sealed record QemuOptions
{
    /// <summary>Where VMs and images are kept: a folder that no other driver uses. At most 60 characters, no comma, since sockets in it have a bounded name.</summary>
    public required string Directory { get; init; }

    /// <summary>Where other hosts reach this one: an IP address. Default <c>127.0.0.1</c>.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The first port at which moves are received; 1 to 65,535. Default 49,152.</summary>
    public int FirstPort { get; init; } = 49_152;

    /// <summary>How many ports there are for moves, two a move; at least 2. Default 128.</summary>
    public int Ports { get; init; } = 128;

    /// <summary>The bridge that VMs' network interfaces are put on for which the agent names none; null: such VMs are refused.</summary>
    public string? Bridge { get; init; }

    internal string BridgeOf(GuestNic nic) => nic.Bridge ?? Bridge!;

    /// <summary>The processors' architectures that VMs may have, each with the program that runs it; the host's own first. Default <c>x86_64</c> alone.</summary>
    public ImmutableArray<(string Architecture, string Program)> Programs { get; init; } = [("x86_64", "qemu-system-x86_64")];

    /// <summary>The program that makes disks. Default <c>qemu-img</c>.</summary>
    public string ImageProgram { get; init; } = "qemu-img";

    /// <summary>The program that asks a network for an address, called as iputils' and busybox's <c>arping</c> are. Default <c>arping</c>; empty: nobody is asked.</summary>
    public ImmutableArray<string> ArpProgram { get; init; } = ["arping"];

    /// <summary>What is put before each program that this driver starts, as <c>ip netns exec h1</c>. Default nothing.</summary>
    public ImmutableArray<string> Launcher { get; init; } = [];

    /// <summary>Whether processors are emulated even where the host could run them itself. Default false.</summary>
    public bool Emulates { get; init; }

    /// <summary>How much memory the translated code of an emulated VM may take, MiB, at least 1. Default 64.</summary>
    public int EmulationCacheMegabytes { get; init; } = 64;

    /// <summary>Whether each VM has one more monitor, <c>observer.qmp</c> in its folder, that the driver leaves to others. Default false.</summary>
    public bool HasObservers { get; init; }

    /// <summary>How long QEMU may take to answer before it counts as silent. Default 2 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a VM may take, once it runs, to show that it lives. Default 10 s.</summary>
    public TimeSpan LifeSign { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a VM may take to switch itself off before a cold move stops it. Default 60 s.</summary>
    public TimeSpan PowerDown { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How much of what a VM writes to its console is kept, bytes; up to twice as much at times. Default 1 MiB.</summary>
    public long ConsoleBytes { get; init; } = 1 << 20;

    /// <summary>How often a transfer under way is looked at. Default 100 ms.</summary>
    public TimeSpan TransferPeriod { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a VM that rests is looked at, events aside. Default 30 s.</summary>
    public TimeSpan RestPeriod { get; init; } = TimeSpan.FromSeconds(30);
}
