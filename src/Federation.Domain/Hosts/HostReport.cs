using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Hosts;

/// <summary>What a host's agent tells of itself, whole each time. Holds lists: compared by reference.</summary>
/// <param name="Facts">The host.</param>
/// <param name="Guests">Every copy of a VM that is there.</param>
/// <param name="Answers">What became of orders, until the service has taken the answer.</param>
/// <param name="Number">Counts this agent's reports since it started: a late one is known by it.</param>
/// <param name="Run">Names this run of the agent: another one began its count anew.</param>
public sealed record HostReport(
    HostFacts Facts,
    ImmutableArray<HostGuest> Guests,
    [property: JsonConverter(typeof(HostAnswersConverter))] ImmutableArray<HostAnswer> Answers,
    long Number,
    Guid Run)
{
    /// <summary>VMs that are gone and of which something is left there, see <see cref="IHypervisorDriver.Remains"/>.</summary>
    public ImmutableArray<VmRef> Remains { get; init; } = [];
}

/// <summary>A copy of a VM at a host.</summary>
/// <param name="Sighting">The copy.</param>
/// <param name="Epoch">The newest epoch of the VM that the agent has seen.</param>
[JsonConverter(typeof(HostGuestConverter))]
public sealed record HostGuest(GuestSighting Sighting, long Epoch);

/// <summary>What a host is.</summary>
/// <param name="Vcpus">How many vCPUs its VMs may have in all.</param>
/// <param name="MemoryBytes">How much memory its VMs may have in all, bytes.</param>
/// <param name="DiskBytes">How much its VMs' disks may take in all, bytes.</param>
/// <param name="Hypervisor">Its hypervisor.</param>
/// <param name="Agent">The agent's version.</param>
/// <param name="Boot">Names the host's run since it was switched on: another one has lost its VMs.</param>
public sealed record HostFacts(int Vcpus, long MemoryBytes, long DiskBytes, HypervisorFacts Hypervisor, string Agent, string Boot)
{
    /// <summary>How its VMs' networks reach other hosts; null: they do not, its VMs are on a bridge of its own.</summary>
    public HostNetwork? Network { get; init; }
}

/// <summary>A host's end of the overlay.</summary>
/// <param name="Address">Its address on the network below, IPv4 or IPv6.</param>
/// <param name="Mtu">The longest packet there, bytes.</param>
public sealed record HostNetwork(Address Address, int Mtu)
{
    /// <summary>The least <see cref="Mtu"/>, bytes: what is left of it is as much as IPv6 asks of any network.</summary>
    public const int LeastMtu = 1430;

    /// <summary>The most <see cref="Mtu"/>, bytes.</summary>
    public const int MostMtu = 65_535;

    /// <summary>The most <see cref="Tunnels"/>.</summary>
    public const int MostTunnels = 2;

    /// <summary>
    /// The longest packet of VMs that it carries, bytes: VXLAN takes 50 over IPv4 and 70 over IPv6, and 80 are kept for encryption whether it is used or not, so
    /// that no VM is ever told another length.
    /// </summary>
    [JsonIgnore]
    public int InnerMtu => Mtu - (Address.Kind == AddressKind.IPv6 ? 70 : 50) - 80;

    /// <summary>Where it receives encrypted, the older generation of keys first; empty: it cannot.</summary>
    public ImmutableArray<TunnelEnd> Tunnels { get; init; } = [];

    /// <summary>Where it receives what it passes on from host to host, the older generation of keys first; empty: it is no relay.</summary>
    public ImmutableArray<TunnelEnd> Relay { get; init; } = [];

    /// <summary>The most ranges of <see cref="Gateway"/>.</summary>
    public const int MostRanges = 64;

    /// <summary>The public addresses that it owns as a gateway; empty: it is none.</summary>
    public ImmutableArray<PublicRange> Gateway { get; init; } = [];

    /// <summary>Whether other hosts reach it as they reach that one. What it owns as a gateway is no matter of theirs.</summary>
    public bool IsReachedAs(HostNetwork other) => Address == other.Address && Mtu == other.Mtu && Tunnels.SequenceEqual(other.Tunnels) && Relay.SequenceEqual(other.Relay);

    /// <summary>Whether it says the same in all.</summary>
    public bool IsSameAs(HostNetwork other) => IsReachedAs(other) && Gateway.SequenceEqual(other.Gateway);
}

/// <summary>A host's end of the encrypted tunnels of one generation of keys (WireGuard). Ends of one generation belong together.</summary>
/// <param name="Generation">Counts from 1: a host whose keys are renewed begins the next one, and the others follow.</param>
/// <param name="PublicKey">Its public key: 32 bytes as base64, 44 characters.</param>
/// <param name="Port">Where it receives, a UDP port.</param>
public readonly record struct TunnelEnd(int Generation, string PublicKey, int Port);
