using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>Tells everybody on a network that an address is at another interface from now on. Source: RFC 826, RFC 5227.</summary>
internal static class GratuitousArp
{
    private const int Arp = 0x0806;

    /// <summary>The frame: a question for one's own address, which nobody has to answer.</summary>
    /// <param name="mac">The interface.</param>
    /// <param name="address">The IPv4 address that it has.</param>
    public static byte[] Of(Address mac, Address address) =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, .. mac.ToBytes(), Arp >> 8, Arp & 0xff,
        0, 1, 8, 0, 6, 4, 0, 1, .. mac.ToBytes(), .. address.ToBytes(), 0, 0, 0, 0, 0, 0, .. address.ToBytes(),
    ];
}
