using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>What nftables is told. Rules are the same on every host; what differs is in sets, which change at once and as a whole.</summary>
/// <remarks>
/// Of what a tap sends only IPv4, IPv6 and ARP pass, and only with sources that are the tap's own; other types, as VLAN tags, could hide another source. A tap
/// of which nothing is known yet passes nothing. Nothing that comes out of a segment reaches the host itself, but for ARP replies, which say whether a VM
/// lives: so nobody in a segment can hand the host a frame in VXLAN of his own making. Source: https://wiki.nftables.org.
/// </remarks>
internal static class FilterRuleset
{
    /// <summary>The table of what taps may send.</summary>
    public const string Table = "federation";

    /// <summary>The set of taps that are on a bridge of somebody else's: nothing is asked of them.</summary>
    public const string Foreign = "foreign";

    /// <summary>The map of taps to their shares of what the host can send.</summary>
    public const string Shares = "shares";

    /// <summary>The set of what a segment sends on.</summary>
    public const string Forwarded = "forwarded";

    /// <summary>The map of what waits at a tap for a VM that comes.</summary>
    public const string Awaited = "awaited";

    // A set of the target addresses of neighbour advertisements is the same as that of IPv6 addresses, and of another type: nft knows no name for the field.
    private const string Targets = "targets";

    /// <summary>The sets of what taps may send with.</summary>
    public static readonly string[] Sets = ["macs", "addresses4", "addresses6"];

    /// <summary>The table of taps, its rules anew; what is in its sets stays.</summary>
    public const string Base = $$"""
        table bridge {{Table}} {
          set {{Foreign}} { type ifname; }
          set macs { type ifname . ether_addr; }
          set addresses4 { type ifname . ipv4_addr; }
          set addresses6 { type ifname . ipv6_addr; }
          set {{Targets}} { typeof iifname . @th,64,128; }
          map {{Shares}} { type ifname : classid; }
          chain sends_arp { }
          chain sends_ip4 { }
          chain sends_ip6 { }
          chain from_taps { type filter hook prerouting priority -300; }
          chain to_host { type filter hook input priority 0; }
        }
        flush chain bridge {{Table}} sends_arp
        flush chain bridge {{Table}} sends_ip4
        flush chain bridge {{Table}} sends_ip6
        flush chain bridge {{Table}} from_taps
        flush chain bridge {{Table}} to_host
        table bridge {{Table}} {
          chain sends_arp {
            iifname . arp saddr ether != @macs drop
            arp operation request arp saddr ip 0.0.0.0 accept
            iifname . arp saddr ip @addresses4 accept
            drop
          }
          chain sends_ip4 {
            udp dport 67 drop
            iifname . ip saddr @addresses4 accept
            drop
          }
          chain sends_ip6 {
            icmpv6 type { nd-router-advert, nd-redirect } drop
            icmpv6 type nd-neighbor-advert iifname . @th,64,128 != @{{Targets}} drop
            ip6 saddr :: icmpv6 type nd-neighbor-solicit iifname . @th,64,128 @{{Targets}} accept
            iifname . ip6 saddr @addresses6 accept
            drop
          }
          chain from_taps {
            iifname != "{{DeviceNames.TapPrefix}}*" accept
            iifname @{{Foreign}} accept
            iifname . ether saddr != @macs drop
            meta priority set iifname map @{{Shares}}
            ether type vmap { arp : goto sends_arp, ip : goto sends_ip4, ip6 : goto sends_ip6 }
            drop
          }
          chain to_host {
            iifname @{{Foreign}} accept
            iifname "{{DeviceNames.TunnelPrefix}}*" drop
            iifname "{{DeviceNames.TapPrefix}}*" ether type != arp drop
            iifname "{{DeviceNames.TapPrefix}}*" arp operation != reply drop
          }
        }

        """;

    /// <summary>The taps that are on a bridge of somebody else's.</summary>
    public static string ForeignTaps(IEnumerable<string> taps) =>
        string.Concat([$"flush set bridge {Table} {Foreign}\n", .. taps.Select(tap => $"add element bridge {Table} {Foreign} {{ \"{tap}\" }}\n")]);

    /// <summary>A table of a segment of its own, which sends nothing on yet; the one before it goes.</summary>
    public static string Segment(string tunnel) => $$"""
        table netdev {{tunnel}}
        delete table netdev {{tunnel}}
        table netdev {{tunnel}} {
          set {{Forwarded}} { type ether_addr; }
          map {{Awaited}} { type ether_addr : iface_index; }
          chain ingress {
            type filter hook ingress device "{{tunnel}}" priority 0;
            ether daddr @{{Forwarded}} fwd to "{{tunnel}}"
            fwd to ether daddr map @{{Awaited}}
          }
        }

        """;

    /// <summary>Takes away a segment's table, if it is there.</summary>
    public static string NoSegment(string tunnel) => $"table netdev {tunnel}\ndelete table netdev {tunnel}\n";

    /// <summary>Lines that add or delete what a segment sends on.</summary>
    public static IEnumerable<string> Forwarding(string verb, string tunnel, IReadOnlyCollection<Address> macs) =>
        macs.Count == 0 ? [] : [$"{verb} element netdev {tunnel} {Forwarded} {{ {string.Join(", ", macs)} }}"];

    /// <summary>The line by which what comes for a VM waits at its tap.</summary>
    public static string Awaiting(string tunnel, Address mac, string tap) => $"add element netdev {tunnel} {Awaited} {{ {mac} : \"{tap}\" }}";

    /// <summary>The line by which it waits no more.</summary>
    public static string NotAwaited(string tunnel, Address mac) => $"delete element netdev {tunnel} {Awaited} {{ {mac} }}";

    /// <summary>Lines that add or delete a right.</summary>
    public static IEnumerable<string> Right(string verb, TapRight right) => right.Own.Kind switch
    {
        AddressKind.Mac => [Element(verb, "macs", right.Tap, $"{right.Own}")],
        AddressKind.IPv4 => [Element(verb, "addresses4", right.Tap, $"{right.Own}")],
        _ => [Element(verb, "addresses6", right.Tap, $"{right.Own}"), Element(verb, Targets, right.Tap, $"0x{right.Own.Number:x32}")],
    };

    private static string Element(string verb, string set, string tap, string address) => $"{verb} element bridge {Table} {set} {{ \"{tap}\" . {address} }}";
}
