using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>Why what goes to or comes from an address is no traffic with the outside: no router passes it on.</summary>
public enum LinkScope
{
    /// <summary>It names nobody: 0.0.0.0, ::, 00:00:00:00:00:00. A host without an address sends from it.</summary>
    Unspecified,

    /// <summary>It names several receivers: 224.0.0.0/4, ff00::/8, an Ethernet address with the group bit.</summary>
    Multicast,

    /// <summary>It names all on the link: 255.255.255.255, ff:ff:ff:ff:ff:ff.</summary>
    Broadcast,

    /// <summary>It is good on its link alone: 169.254.0.0/16, fe80::/10.</summary>
    LinkLocal,
}

/// <summary>The one rule of which traffic stays on its link, for live sensors, replays, traffic files and analyses alike.</summary>
/// <remarks>
/// An address that a VM is known by is that VM's, whatever it is: ask whose it is first. The broadcast address of one network (10.0.0.255 of
/// 10.0.0.0/24) cannot be told from a host's by itself; the frame's Ethernet receiver tells it.
/// </remarks>
public static class LinkScopes
{
    private const ulong AllOnes = 0xFFFF_FFFF_FFFF;
    private const ulong GroupBit = 1UL << 40;

    /// <summary>The scope of an address; null if a router may pass on what goes to it.</summary>
    /// <param name="address">An IPv4, IPv6 or Ethernet address; for none the answer is null.</param>
    public static LinkScope? Of(Address address) => address.Kind switch
    {
        AddressKind.None => null,
        _ when address.Number == 0 => LinkScope.Unspecified,
        AddressKind.IPv4 => OfIPv4((uint)address.Number),
        AddressKind.IPv6 => OfIPv6((ushort)(address.Number >> 112)),
        _ => OfMac((ulong)address.Number),
    };

    /// <summary>The scope of a frame, by its receiver; null if a router may pass it on.</summary>
    /// <param name="mac">The Ethernet receiver; none where the link has no such addresses.</param>
    /// <param name="ip">The IP receiver; none where it is no IP.</param>
    public static LinkScope? Of(Address mac, Address ip) => Of(ip) ?? (IsGroup(mac) ? Of(mac) : null);

    /// <summary>Whether an address names several receivers: broadcast or multicast.</summary>
    public static bool IsGroup(Address address) => Of(address) is LinkScope.Multicast or LinkScope.Broadcast;

    private static LinkScope? OfIPv4(uint number) =>
        number == uint.MaxValue ? LinkScope.Broadcast
        : number >> 28 == 0xE ? LinkScope.Multicast
        : number >> 16 == 0xA9FE ? LinkScope.LinkLocal
        : null;

    private static LinkScope? OfIPv6(ushort first) =>
        first >> 8 == 0xFF ? LinkScope.Multicast
        : first >> 6 == 0xFE80 >> 6 ? LinkScope.LinkLocal
        : null;

    private static LinkScope? OfMac(ulong number) =>
        number == AllOnes ? LinkScope.Broadcast
        : (number & GroupBit) != 0 ? LinkScope.Multicast
        : null;
}
