using System.Collections.Immutable;
using System.Net;
using Federation.Domain.Access;
using Federation.Sensor.Settings;

namespace Federation.Host.Settings;

/// <summary>What a host's agent is told by its file, checked. Holds lists: compared by reference.</summary>
public sealed record HostSettings
{
    /// <summary>The host: orders for another one are refused.</summary>
    public required HostPost Post { get; init; }

    /// <summary>The service's addresses, at least one: where one does not answer, the next is asked.</summary>
    public required ImmutableArray<Uri> Servers { get; init; }

    /// <summary>Certificates for https; null: as the machine trusts, and none is shown.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The file that holds the agent's token; read again for every request, so that it can be changed while the agent runs.</summary>
    public required string TokenFile { get; init; }

    /// <summary>The folder of the journal: what it remembers of orders and epochs has to outlive a crash.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where status and metrics are served, on this host only; null: nowhere. Default 127.0.0.1:9475.</summary>
    public IPEndPoint? Listen { get; init; } = new(IPAddress.Loopback, 9475);

    /// <summary>What its VMs may have in all.</summary>
    public SizeSettings Size { get; init; } = new(null, null, null);

    /// <summary>A file that says something else each time that the machine was switched on. Default <c>/proc/sys/kernel/random/boot_id</c>.</summary>
    public string BootFile { get; init; } = "/proc/sys/kernel/random/boot_id";

    /// <summary>How its VMs' networks reach other hosts; null: they do not, and its VMs are on the bridge of its hypervisor's settings.</summary>
    public NetworkSettings? Network { get; init; }

    /// <summary>Its hypervisor.</summary>
    public required HypervisorChoice Hypervisor { get; init; }
}

/// <summary>What a host's VMs may have in all; each null: all that the machine has.</summary>
/// <param name="Vcpus">vCPUs.</param>
/// <param name="MemoryBytes">Memory, bytes.</param>
/// <param name="DiskBytes">Disks, bytes; the machine's is that of the file system of the state folder.</param>
public sealed record SizeSettings(int? Vcpus, long? MemoryBytes, long? DiskBytes);
