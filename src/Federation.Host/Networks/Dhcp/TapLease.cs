using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Host.Networks.Dhcp;

/// <summary>What the VM behind a tap is told when it asks for its address.</summary>
/// <param name="Tap">The tap.</param>
/// <param name="Mac">The VM's hardware address: nobody else is answered there.</param>
/// <param name="Address">Its IPv4 address.</param>
/// <param name="Subnet">The range that tells the mask, and in whose name the answer is given.</param>
/// <param name="Mtu">The longest packet, bytes.</param>
/// <param name="Router">The address by which it reaches the outside; null: it does not.</param>
internal sealed record TapLease(string Tap, Address Mac, Address Address, Subnet Subnet, int Mtu, Address? Router = null)
{
    /// <summary>The lease of an interface; null: it has no IPv4 address of the range.</summary>
    public static TapLease? Of(Segment segment, SegmentEntry entry, string tap) =>
        entry.Addresses.FirstOrDefault(segment.Subnet.Contains) is { Kind: AddressKind.IPv4 } address
            ? new(tap, entry.Mac, address, segment.Subnet, segment.Mtu, segment.Gateway is { } gateway && gateway.Publics.ContainsValue(entry.Port) ? gateway.Router : null)
            : null;
}
