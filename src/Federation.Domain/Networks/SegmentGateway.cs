using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>How a segment is reached from outside, as its hosts are told it. Holds lists: compared by reference.</summary>
/// <param name="Active">The host that its VMs' public addresses are at.</param>
/// <param name="Standbys">Hosts that would take over from it.</param>
/// <param name="Router">The address on the segment by which VMs reach the outside.</param>
/// <param name="Publics">The public addresses, each with the interface that it leads to.</param>
public sealed record SegmentGateway(VtepId Active, ImmutableArray<VtepId> Standbys, Address Router, ImmutableSortedDictionary<Address, SegmentPort> Publics)
{
    /// <summary>How long a gateway that has others beside it may hold its addresses after it last asked the service and was answered.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    /// <summary>How often a gateway asks.</summary>
    public static readonly TimeSpan RenewsEvery = TimeSpan.FromSeconds(1);

    /// <summary>After so long without a question another one takes over: longer than <see cref="Lease"/>, which counts from before the question was sent.</summary>
    public static readonly TimeSpan TakenOverAfter = TimeSpan.FromSeconds(8);

    /// <summary>The name that stands for the router where interfaces are named; no VM can have it.</summary>
    public static readonly VmId RouterName = new("@router");

    /// <summary>The router's interface on a segment.</summary>
    public static SegmentPort PortOf(AppId application) => new(new(application, RouterName), 0);

    /// <summary>The router's hardware address on a segment: the same at each gateway.</summary>
    public static Address MacOf(int vni) => Address.Mac([0x02, 0xfc, 0, (byte)(vni >> 16), (byte)(vni >> 8), (byte)vni]);

    /// <summary>The IPv4 address that an interface is reached at by the router; null: it has none.</summary>
    /// <param name="addresses">The interface's addresses.</param>
    /// <param name="subnet">The segment's range: an address of it comes first.</param>
    public static Address? InnerOf(ImmutableArray<Address> addresses, Subnet subnet) =>
        addresses.Where(address => address.Kind == AddressKind.IPv4).OrderByDescending(subnet.Contains).Select(address => (Address?)address).FirstOrDefault();
}
