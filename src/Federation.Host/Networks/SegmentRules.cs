using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Host.Networks;

/// <summary>What a segment's devices on a host are told, in the kernel's own terms. Holds collections: compared by reference.</summary>
/// <param name="Floods">The hosts, by their addresses below, that are sent what is for all.</param>
/// <param name="Tunnels">Hardware addresses that are reached through tunnels, or will be once their VMs stand still here, each with the address of its host.</param>
/// <param name="Ports">Hardware addresses, each with the bridge's port that leads to it.</param>
/// <param name="Neighbours">IP addresses, each with the hardware address that is answered for it.</param>
/// <param name="Forwarded">Hardware addresses whose frames are sent on as they come out of a tunnel.</param>
/// <param name="Awaited">Hardware addresses of VMs that come here, each with its tap: what comes out of a tunnel for one waits there until it runs.</param>
/// <param name="Guarded">Taps of which nothing is learned, and to which nothing is sent that is for somebody unknown.</param>
/// <param name="Rights">What may be the source of what a tap sends.</param>
internal sealed record SegmentRules(
    ImmutableSortedSet<Address> Floods,
    ImmutableSortedDictionary<Address, Address> Tunnels,
    ImmutableSortedDictionary<Address, string> Ports,
    ImmutableSortedDictionary<Address, Address> Neighbours,
    ImmutableSortedSet<Address> Forwarded,
    ImmutableSortedDictionary<Address, string> Awaited,
    ImmutableSortedSet<string> Guarded,
    ImmutableSortedSet<TapRight> Rights)
{
    /// <summary>Those of devices that were just made.</summary>
    public static SegmentRules None { get; } = new(
        [], ImmutableSortedDictionary<Address, Address>.Empty, ImmutableSortedDictionary<Address, string>.Empty, ImmutableSortedDictionary<Address, Address>.Empty, [], ImmutableSortedDictionary<Address, string>.Empty, [], []);

    /// <summary>What a host's devices have to be told of a segment.</summary>
    /// <remarks>
    /// While a VM comes here, its source sends on from its switch on, and the copy here is not complete yet: what arrives goes to its tap, past the bridge, for the
    /// VMs of this host still reach it at its source. It stays so until the VM runs, for there is time then, and none while it stands still. Likewise the way to where a VM will move from here is
    /// there from the announcement on, and nothing takes it before the bridge or the filter says so.
    /// A host that is reached by another version of IP than this one has no way here: what is for it is dropped.
    /// </remarks>
    /// <param name="segment">The segment.</param>
    /// <param name="table">Where this host sends its frames.</param>
    /// <param name="here">This host.</param>
    /// <param name="below">This host's address.</param>
    /// <param name="copies">The copies of VMs here.</param>
    public static SegmentRules Of(Segment segment, ForwardingTable table, VtepId here, Address below, IReadOnlyDictionary<SegmentPort, LocalCopy> copies)
    {
        var peers = segment.Peers.Values.Where(peer => peer.Id != here && peer.Address.Kind == below.Kind).ToImmutableDictionary(peer => peer.Id, peer => peer.Address);
        var remote = table.Remote.Where(way => peers.ContainsKey(way.Value)).ToImmutableSortedDictionary(way => way.Key, way => peers[way.Value]);
        var leaving = segment.Entries.Values.Where(entry => entry.At == here && entry.Next is { } next && peers.ContainsKey(next) && table.Local.ContainsKey(entry.Mac));
        var tunnel = DeviceNames.Tunnel(segment.Vni);
        // One that has been sent neither sends nor receives any more, and some hypervisors have taken its tap away.
        var guests = segment.Entries.Values.Where(entry => copies.TryGetValue(entry.Port, out var copy) && copy.State != GuestState.Sent).Select(entry => (Entry: entry, copies[entry.Port].Tap)).ToList();
        return new(
            [.. peers.Values],
            remote.AddRange(leaving.Select(entry => KeyValuePair.Create(entry.Mac, peers[entry.Next!.Value]))),
            table.Local.AddRange(remote.Keys.Select(mac => KeyValuePair.Create(mac, tunnel))),
            table.Neighbours,
            table.Forwarded.Intersect(remote.Keys),
            guests.Where(guest => guest.Entry.At == here || guest.Entry.Next == here)
                .Where(guest => copies[guest.Entry.Port].State is GuestState.Receiving or GuestState.Received && !table.Forwarded.Contains(guest.Entry.Mac))
                .ToImmutableSortedDictionary(guest => guest.Entry.Mac, guest => guest.Tap),
            [.. guests.Select(guest => guest.Tap)],
            [.. guests.SelectMany(guest => TapRight.Of(guest.Tap, guest.Entry))]);
    }
}

/// <summary>An address that may be the source of what a tap sends.</summary>
/// <param name="Tap">The tap.</param>
/// <param name="Own">A hardware, IPv4 or IPv6 address.</param>
internal readonly record struct TapRight(string Tap, Address Own) : IComparable<TapRight>
{
    /// <summary>All that an interface may send with: its hardware address, its IP addresses, and the IPv6 address of its link that comes of the hardware address.</summary>
    public static IEnumerable<TapRight> Of(string tap, SegmentEntry entry)
    {
        ReadOnlySpan<Address> always = entry.Addresses.Any(address => address.Kind == AddressKind.IPv6) ? [entry.Mac, LinkLocal(entry.Mac)] : [entry.Mac];
        return [.. always.ToArray().Concat(entry.Addresses).Distinct().Select(address => new TapRight(tap, address))];
    }

    /// <summary>By tap, then by address.</summary>
    public int CompareTo(TapRight other) => string.CompareOrdinal(Tap, other.Tap) is not 0 and var byTap ? byTap : Own.CompareTo(other.Own);

    // fe80::/64 and the modified EUI-64 (RFC 4291, appendix A).
    private static Address LinkLocal(Address mac)
    {
        var number = (ulong)mac.Number;
        var id = ((number >> 24) << 40) | 0xFFFEUL << 24 | (number & 0xFFFFFF);
        return Ip(0xFE80UL << 48, id ^ (1UL << 57));
    }

    private static Address Ip(ulong network, ulong id)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, network);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], id);
        return Address.IPv6(bytes);
    }
}
