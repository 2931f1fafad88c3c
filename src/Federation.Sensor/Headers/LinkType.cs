namespace Federation.Sensor.Headers;

/// <summary>Which header the frames of a capture begin with, by the number that pcap and pcapng files give it.</summary>
/// <remarks>Those that are read; the registry at www.tcpdump.org/linktypes.html has more.</remarks>
public enum LinkType : ushort
{
    /// <summary>BSD loopback: the address family in the byte order of the host that captured.</summary>
    Null = 0,

    /// <summary>Ethernet.</summary>
    Ethernet = 1,

    /// <summary>SLIP, of which files keep the bare packets.</summary>
    Slip = 8,

    /// <summary>PPP, with or without the HDLC address and control bytes.</summary>
    Ppp = 9,

    /// <summary>PPP in HDLC-like framing, or Cisco HDLC: the first byte tells.</summary>
    PppSerial = 50,

    /// <summary>The session stage of PPPoE, from its header on.</summary>
    PppoeSession = 51,

    /// <summary>ATM with an LLC header for each packet.</summary>
    AtmLlc = 100,

    /// <summary>Bare IPv4 or IPv6.</summary>
    Raw = 101,

    /// <summary>Cisco HDLC.</summary>
    CiscoHdlc = 104,

    /// <summary>802.11.</summary>
    Wifi = 105,

    /// <summary>Frame Relay.</summary>
    FrameRelay = 107,

    /// <summary>OpenBSD loopback: the address family in network order.</summary>
    Loop = 108,

    /// <summary>Linux cooked, version 1: what <c>tcpdump -i any</c> wrote for long.</summary>
    LinuxSll = 113,

    /// <summary>802.11 after a radiotap header.</summary>
    WifiRadiotap = 127,

    /// <summary>PPP after a byte that tells the direction.</summary>
    PppWithDirection = 204,

    /// <summary>Cisco HDLC after a byte that tells the direction.</summary>
    CiscoHdlcWithDirection = 205,

    /// <summary>Frame Relay after a byte that tells the direction.</summary>
    FrameRelayWithDirection = 206,

    /// <summary>MPLS, from the first label on.</summary>
    Mpls = 219,

    /// <summary>Bare IPv4.</summary>
    IPv4 = 228,

    /// <summary>Bare IPv6.</summary>
    IPv6 = 229,

    /// <summary>Apple's PKTAP, which says what the frame after it begins with.</summary>
    Pktap = 258,

    /// <summary>Linux cooked, version 2: with the interface's number.</summary>
    LinuxSll2 = 276,

    /// <summary>Bare IP, by the number that most BSDs have for it.</summary>
    RawOfBsd = 12,

    /// <summary>Bare IP, by the number that OpenBSD has for it.</summary>
    RawOfOpenBsd = 14,
}

/// <summary>What is known of link types by their number.</summary>
internal static class LinkTypes
{
    /// <summary>What is read, for people.</summary>
    public const string ReadNames =
        "Ethernet, Linux cooked (SLL, SLL2), raw IP, BSD loopback, PPP, PPPoE, Cisco HDLC, Frame Relay, MPLS, 802.11, SLIP, PKTAP and LLC over ATM are";

    /// <summary>Whether frames of this link type are read.</summary>
    public static bool IsRead(LinkType link) => Enum.IsDefined(link);

    /// <summary>The registry's name and the number, such as <c>USER13 (160)</c>.</summary>
    public static string TextOf(LinkType link) =>
        LinkTypeNames.Of((int)link) is { } name ? $"{name} ({(int)link})" : $"number {(int)link}";
}
