using System.Globalization;

namespace Federation.Sensor.Headers;

/// <summary>Why a frame was not counted.</summary>
public enum LeftOutKind : byte
{
    /// <summary>It was counted.</summary>
    None,

    /// <summary>It carries another protocol than IP, told by an EtherType.</summary>
    EtherType,

    /// <summary>It carries another protocol than IP, told by the service access point of its LLC header.</summary>
    Llc,

    /// <summary>It carries a vendor's protocol, told by the number in its SNAP header.</summary>
    Snap,

    /// <summary>It carries another protocol than IP, told by PPP's protocol number.</summary>
    Ppp,

    /// <summary>It carries another protocol than IP, told by a network layer protocol identifier (ISO 9577).</summary>
    Nlpid,

    /// <summary>It carries another protocol than IP, told by a BSD address family.</summary>
    Family,

    /// <summary>An 802.11 management frame.</summary>
    WifiManagement,

    /// <summary>An 802.11 control frame.</summary>
    WifiControl,

    /// <summary>An 802.11 frame that carries no data.</summary>
    WifiEmpty,

    /// <summary>An 802.11 frame whose data is encrypted.</summary>
    WifiEncrypted,

    /// <summary>It has MPLS labels, and something else than IP or Ethernet after them.</summary>
    Mpls,

    /// <summary>The capture, or the frame, ends before its IP addresses do.</summary>
    CutShort,

    /// <summary>A header in it says what cannot be.</summary>
    Damaged,

    /// <summary>Its interface's link type is not read; other interfaces of the capture are.</summary>
    LinkType,

    /// <summary>It was counted already, on another interface of the capture.</summary>
    Repeated,
}

/// <summary>Why a frame was not counted, and which protocol it was where that is the reason.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Number">The number that <paramref name="Kind"/> speaks of; 0 where it speaks of none.</param>
public readonly record struct LeftOutReason(LeftOutKind Kind, ushort Number = 0)
{
    /// <summary>The text for people, such as <c>ARP</c> or <c>EtherType 0x88b5</c>.</summary>
    public override string ToString() => Kind switch
    {
        LeftOutKind.None => "counted",
        LeftOutKind.EtherType => EtherTypes.NameOf(Number) ?? Hex("EtherType", 4),
        LeftOutKind.Llc => ServiceAccessPoint,
        LeftOutKind.Snap => VendorProtocol,
        LeftOutKind.Ppp => PppProtocol,
        LeftOutKind.Nlpid => Number is >= 0x81 and <= 0x83 ? "OSI (CLNP, ES-IS, IS-IS)" : Hex("network layer protocol", 2),
        LeftOutKind.Family => string.Create(CultureInfo.InvariantCulture, $"address family {Number}"),
        LeftOutKind.WifiManagement => "802.11 management",
        LeftOutKind.WifiControl => "802.11 control",
        LeftOutKind.WifiEmpty => "802.11 without data",
        LeftOutKind.WifiEncrypted => "802.11 encrypted",
        LeftOutKind.Mpls => "MPLS without IP",
        LeftOutKind.CutShort => "cut short before its IP addresses",
        LeftOutKind.Damaged => "damaged header",
        LeftOutKind.LinkType => $"link type {LinkTypes.TextOf((LinkType)Number)}",
        LeftOutKind.Repeated => "counted already on another interface",
        _ => Kind.ToString(),
    };

    private string ServiceAccessPoint => Number switch
    {
        0x42 => "spanning tree",
        0xE0 or 0xFF => "IPX",
        0xF0 => "NetBIOS",
        0xFE => "OSI (CLNP, ES-IS, IS-IS)",
        _ => Hex("LLC service access point", 2),
    };

    private string VendorProtocol => Number switch
    {
        0x010B or 0x010C => "spanning tree",
        0x2000 => "CDP",
        0x2003 => "VTP",
        0x809B => "AppleTalk",
        _ => Hex("SNAP protocol", 4),
    };

    private string PppProtocol => Number switch
    {
        0xC021 => "PPP LCP",
        0x8021 => "PPP IPCP",
        0x8057 => "PPP IPV6CP",
        0xC023 => "PPP PAP",
        0xC223 => "PPP CHAP",
        0x003D => "PPP multilink",
        0x00FD => "PPP compressed",
        _ => Hex("PPP protocol", 4),
    };

    private string Hex(string what, int digits) => $"{what} 0x{Number.ToString($"x{digits}", CultureInfo.InvariantCulture)}";
}
