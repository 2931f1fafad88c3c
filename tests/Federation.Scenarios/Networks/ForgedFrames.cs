using System.Text;

namespace Federation.Scenarios.Networks;

/// <summary>Frames that a VM may not send, and frames that it may: each has its name in it.</summary>
internal static class ForgedFrames
{
    public const string Mac1 = "52:54:00:79:00:01";
    public const string Mac2 = "52:54:00:79:00:02";
    public const string Ip1 = "10.80.0.1";
    public const string Ip2 = "10.80.0.2";
    public const string Bad = "bad ";
    public const string Good = "good ";

    private const string Ip6 = "fd80::1";
    private const string All = "ff02::1";
    private const string Nobody = "10.80.0.7";
    private const string NoMac = "52:54:00:79:00:07";

    /// <summary>What VM 1 may not send to VM 2.</summary>
    public static IEnumerable<byte[]> Forbidden =>
    [
        Named(Bad + "MAC", text => RawFrames.Ethernet(Mac2, NoMac, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, text))),
        Named(Bad + "IPv4", text => RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Nobody, Ip2, 9, text))),
        Named(Bad + "IPv6", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Udp6("fd80::7", "fd80::2", text))),
        Named(Bad + "ARP answer", text => RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, Mac1, Nobody, Mac2, Ip2, text))),
        Named(Bad + "ARP question", text => RawFrames.Ethernet(RawFrames.Everybody, Mac1, 0x0806, RawFrames.Arp(1, Mac1, Nobody, Mac2, "10.80.0.9", text))),
        Named(Bad + "MAC in ARP", text => RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, NoMac, Ip1, Mac2, Ip2, text))),
        Named(Bad + "neighbour", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 136, "fd80::7", text))),
        Named(Bad + "question for another's IPv6 address", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6("::", All, 135, "fd80::7", text))),
        Named(Bad + "router", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 134, "fd80::1", text))),
        Named(Bad + "redirect", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 137, "fd80::1", text))),
        Named(Bad + "DHCP", text => RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 67, text))),
        Named(Bad + "VLAN tag", text => RawFrames.Ethernet(Mac2, Mac1, 0x8100, [0, 5, 8, 0, .. RawFrames.Udp(Nobody, Ip2, 9, text)])),
        Named(Bad + "protocol", text => RawFrames.Ethernet(Mac2, Mac1, 0x88b5, Encoding.ASCII.GetBytes(text))),
        Named(Bad + "stranger", text => RawFrames.Ethernet("52:54:00:79:00:09", Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, text))),
    ];

    /// <summary>What VM 1 may send to VM 2, and to all.</summary>
    public static IEnumerable<byte[]> Allowed =>
    [
        Named(Good + "ARP", text => RawFrames.Ethernet(Mac2, Mac1, 0x0806, RawFrames.Arp(2, Mac1, Ip1, Mac2, Ip2, text))),
        Named(Good + "probe", text => RawFrames.Ethernet(RawFrames.Everybody, Mac1, 0x0806, RawFrames.Arp(1, Mac1, "0.0.0.0", "00:00:00:00:00:00", "10.80.0.9", text))),
        Named(Good + "neighbour", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6(Ip6, All, 136, Ip6, text))),
        Named(Good + "question for its own IPv6 address", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Icmp6("::", All, 135, Ip6, text))),
        Named(Good + "IPv6", text => RawFrames.Ethernet(Mac2, Mac1, 0x86dd, RawFrames.Udp6(Ip6, "fd80::2", text))),
        Named(Good + "IPv4", text => RawFrames.Ethernet(Mac2, Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, text))),
    ];

    /// <summary>A frame for a VM of another network in VXLAN, to a host: it would take the header for its own, and hand the frame on.</summary>
    /// <param name="name">The inner frame's name.</param>
    /// <param name="toMac">To whom it goes here.</param>
    /// <param name="from">The IP address of the VM that sends it.</param>
    /// <param name="host">The host's address.</param>
    /// <param name="vni">The other network.</param>
    /// <param name="inner">The VM of that network: one at that host, for a bridge sends nothing back where it came from.</param>
    public static byte[] InVxlan(string name, string toMac, string from, string host, int vni, string inner) => RawFrames.Ethernet(
        toMac, from == Ip1 ? Mac1 : Mac2, 0x0800, RawFrames.Udp(from, host, 4789, RawFrames.Vxlan(vni, RawFrames.Ethernet(inner, inner == Mac1 ? Mac2 : Mac1, 0x0800, RawFrames.Udp(Ip1, Ip2, 9, name)))));

    /// <summary>The names in frames.</summary>
    public static SortedSet<string> Names(IEnumerable<byte[]> frames) => [.. frames.Select(NameIn).OfType<string>()];

    private static string? NameIn(byte[] frame)
    {
        var text = Encoding.Latin1.GetString(frame);
        var at = Math.Max(text.IndexOf(Bad, StringComparison.Ordinal), text.IndexOf(Good, StringComparison.Ordinal));
        return at < 0 ? null : text[at..text.IndexOf(';', at)];
    }

    private static byte[] Named(string name, Func<string, byte[]> frame) => frame(name + ";");
}
