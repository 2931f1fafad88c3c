using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Sensor.Discovery;

/// <summary>Someone who knows which VMs are on this host.</summary>
public interface IVmSource
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>How often it is worth asking.</summary>
    TimeSpan Every { get; }

    /// <summary>Which VMs are on this host now.</summary>
    /// <exception cref="VmSourceException">It does not tell.</exception>
    Task<VmListing> Ask(CancellationToken cancel);
}

/// <summary>A source does not tell which VMs are on this host; the message says why.</summary>
public sealed class VmSourceException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>A VM that is on this host. Compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Addresses">Its addresses, MAC and IP; at least one, or a tap.</param>
/// <param name="Tap">The host's end of its interface, if that is known.</param>
public sealed record LocalVm(VmRef Vm, ImmutableArray<Address> Addresses, string? Tap = null);

/// <summary>An address of a VM, wherever the VM is.</summary>
/// <param name="Application">Whose VM.</param>
/// <param name="Address">The address.</param>
public readonly record struct PeerAddress(AppId Application, Address Address);

/// <summary>What one source says of the VMs on this host. Compared by reference.</summary>
/// <param name="Vms">The VMs.</param>
/// <param name="Peers">
/// Addresses of VMs of the same applications on other hosts: what goes to them is not sent outside. May be empty: the service leaves such
/// traffic aside in any case.
/// </param>
public sealed record VmListing(ImmutableArray<LocalVm> Vms, ImmutableArray<PeerAddress> Peers)
{
    /// <summary>No VM.</summary>
    public static VmListing None { get; } = new([], []);
}
