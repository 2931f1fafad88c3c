using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;

namespace Federation.Sensor.Attribution;

/// <summary>Which of the frames that a VM sends are counted as sent: those to listed servers, and those that leave its application.</summary>
/// <remarks>
/// What goes to a VM of the same application is counted by the sensor of that VM's host, as received. Where its address is not known here,
/// it is reported as sent all the same, and the service, which knows all addresses, leaves it aside: it is never counted twice.
/// </remarks>
/// <param name="servers">Listed servers.</param>
/// <param name="outside">Whether anything but those is counted.</param>
/// <param name="peers">Addresses of VMs, by application.</param>
internal sealed class SentRule(ImmutableSortedSet<Address> servers, bool outside, IReadOnlySet<PeerAddress> peers)
{
    /// <summary>The address that it was sent to; null if it is not counted.</summary>
    public Address? Receiver(AppId application, in FrameTally tally)
    {
        if (servers.Contains(tally.Destination))
        {
            return tally.Destination;
        }

        if (servers.Contains(tally.DestinationMac))
        {
            return tally.DestinationMac;
        }

        var leaves = outside
            && tally.Destination.Kind is AddressKind.IPv4 or AddressKind.IPv6
            && LinkScopes.Of(tally.DestinationMac, tally.Destination) is null
            && !peers.Contains(new PeerAddress(application, tally.Destination));
        return leaves ? tally.Destination : null;
    }
}
