using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;

namespace Federation.Domain.Networks;

/// <summary>Where one host sends the frames of a segment. Pure: what the service wants and what the host sees decide. Holds collections: compared by reference.</summary>
/// <param name="Local">Hardware addresses of VMs here, each with its tap.</param>
/// <param name="Remote">Hardware addresses elsewhere, each with its host.</param>
/// <param name="Forwarded">Hardware addresses whose frames are sent on when they arrive from another host; each is in <paramref name="Remote"/> too.</param>
/// <param name="Neighbours">IP addresses, each with the hardware address that is answered for it.</param>
public sealed record ForwardingTable(
    ImmutableSortedDictionary<Address, string> Local,
    ImmutableSortedDictionary<Address, VtepId> Remote,
    ImmutableSortedSet<Address> Forwarded,
    ImmutableSortedDictionary<Address, Address> Neighbours)
{
    /// <summary>The table of one host.</summary>
    /// <remarks>
    /// A host changes its own table by what it sees, so that no VM stands still for an answer of the service: the source sends frames on as soon as its copy
    /// stands at its switch, the destination takes them as soon as its copy is complete, and both go back where the copy here runs again.
    /// Hosts never send the frames of one address round in a circle: only a host whose copy has left, or that the service names as a former one, sends on, and it
    /// sends to where the VM went after it was here; a host that the VM comes to has acknowledged that before, and sends on no more.
    /// </remarks>
    /// <param name="segment">What the service wants.</param>
    /// <param name="here">The host.</param>
    /// <param name="copies">
    /// The copies here, each with what it does and its tap. One that had sent all and was cleared counts as <see cref="GuestState.Sent"/> until the service has the VM elsewhere: of one
    /// that is not there nobody can tell whether it was sent or has died.
    /// </param>
    public static ForwardingTable Of(Segment segment, VtepId here, IReadOnlyDictionary<SegmentPort, LocalCopy> copies)
    {
        var (local, remote) = (ImmutableSortedDictionary.CreateBuilder<Address, string>(), ImmutableSortedDictionary.CreateBuilder<Address, VtepId>());
        var (forwarded, neighbours) = (ImmutableSortedSet.CreateBuilder<Address>(), ImmutableSortedDictionary.CreateBuilder<Address, Address>());
        foreach (var entry in segment.Entries.Values)
        {
            var way = WayOf(entry, here, copies.TryGetValue(entry.Port, out var copy) ? copy : null);
            if (way.Tap is { } tap)
            {
                local[entry.Mac] = tap;
            }
            else if (way.To is { } to && to != here)
            {
                remote[entry.Mac] = to;
                if (way.IsForwarded)
                {
                    forwarded.Add(entry.Mac);
                }
            }

            foreach (var address in entry.Addresses)
            {
                neighbours[address] = entry.Mac;
            }
        }

        return new(local.ToImmutable(), remote.ToImmutable(), forwarded.ToImmutable(), neighbours.ToImmutable());
    }

    private static (string? Tap, VtepId? To, bool IsForwarded) WayOf(SegmentEntry entry, VtepId here, LocalCopy? copy) => copy switch
    {
        { State: GuestState.Running } => (copy.Tap, null, false),
        { State: GuestState.AtSwitch or GuestState.Sending or GuestState.Sent } when entry.Next == here => (null, entry.At, false),
        { State: GuestState.AtSwitch or GuestState.Sending or GuestState.Sent } when LeftFor(entry, here) is { } next => (null, next, true),
        { State: GuestState.Receiving } => (null, entry.At, false),
        // One that is complete, stands still or is silent counts only where the service has the VM, or lets it come.
        { } when entry.At == here || entry.Next == here => (copy.Tap, null, false),
        _ => (null, entry.At, entry.Former.Contains(here)),
    };

    // Where a VM has gone whose copy here stands still for good, as far as this host knows.
    private static VtepId? LeftFor(SegmentEntry entry, VtepId here) => entry.At is { } at && at != here ? at : entry.Next;
}

/// <summary>A copy of a VM at a host, with one of its interfaces.</summary>
/// <param name="State">What it does.</param>
/// <param name="Tap">The interface's end on the host.</param>
public sealed record LocalCopy(GuestState State, string Tap);
