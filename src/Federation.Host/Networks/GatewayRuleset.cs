using System.Globalization;
using Federation.Domain.Identity;

namespace Federation.Host.Networks;

/// <summary>What nftables is told at a gateway. Rules are the same for all segments; what differs is in sets.</summary>
/// <remarks>
/// Public and inner addresses stand for each other one to one, so that each packet is changed by itself: nothing is remembered of connections, and nothing is lost
/// when another gateway takes over. What comes out of a segment gets its public address before it is routed, what goes in loses it after that: so the same inner address
/// may be in any number of segments. Where a lease is over, what is for its addresses is dropped, also if nobody is left here who could say so.
/// </remarks>
internal static class GatewayRuleset
{
    /// <summary>The name of both tables: of what is routed, and of what comes in from outside.</summary>
    public const string Table = "federation_gateway";

    /// <summary>The map of public addresses to inner ones.</summary>
    public const string Inner = "inner";

    /// <summary>The map of routers with inner addresses to public ones.</summary>
    public const string Outer = "outer";

    /// <summary>The set of public addresses that are held for the length of a lease.</summary>
    public const string Leased = "leased";

    private const string Lease = "lease";

    /// <summary>Both tables, their rules anew; what is in their sets stays.</summary>
    /// <param name="outside">The interface to the network outside.</param>
    /// <param name="vxlan">The UDP port of VXLAN: no VM sends to hosts in it.</param>
    /// <param name="isRouter">Whether this host sends on for others as well; otherwise nothing comes through from outside but to VMs.</param>
    public static string Base(string outside, int vxlan, bool isRouter) => string.Create(CultureInfo.InvariantCulture, $$"""
        table ip {{Table}} {
          map {{Inner}} { type ipv4_addr : ipv4_addr; }
          map {{Outer}} { type ifname . ipv4_addr : ipv4_addr; }
          chain arrives { type filter hook prerouting priority raw; }
          chain to_host { type filter hook input priority 0; }
          chain through { type filter hook forward priority 0; }
          chain leaves { type filter hook postrouting priority raw; }
        }
        flush chain ip {{Table}} arrives
        flush chain ip {{Table}} to_host
        flush chain ip {{Table}} through
        flush chain ip {{Table}} leaves
        table ip {{Table}} {
          chain arrives {
            iifname "{{DeviceNames.RouterPrefix}}*" notrack
            ip daddr @{{Inner}} notrack
            iifname "{{DeviceNames.RouterPrefix}}*" iifname . ip saddr != @{{Outer}} drop
            iifname "{{DeviceNames.RouterPrefix}}*" ip saddr set iifname . ip saddr map @{{Outer}}
          }
          chain to_host {
            iifname "{{DeviceNames.RouterPrefix}}*" drop
          }
          chain through {
            iifname "{{DeviceNames.RouterPrefix}}*" udp dport {{vxlan}} drop
            iifname "{{DeviceNames.RouterPrefix}}*" oifname { "{{outside}}", "{{DeviceNames.RouterPrefix}}*" } accept
            iifname "{{DeviceNames.RouterPrefix}}*" drop
            iifname "{{outside}}" oifname "{{DeviceNames.RouterPrefix}}*" accept
            {{(isRouter ? "" : $"iifname \"{outside}\" drop")}}
          }
          chain leaves {
            oifname "{{DeviceNames.RouterPrefix}}*" ip daddr set ip daddr map @{{Inner}}
          }
        }
        table netdev {{Table}} {
          set {{Leased}} { type ipv4_addr; }
          set {{Lease}} { type ifname; flags timeout; }
          chain outside { type filter hook ingress device "{{outside}}" priority 0; }
        }
        flush chain netdev {{Table}} outside
        table netdev {{Table}} {
          chain outside {
            ip daddr @{{Leased}} iifname != @{{Lease}} drop
            arp daddr ip @{{Leased}} iifname != @{{Lease}} drop
          }
        }

        """);

    /// <summary>Lines that add or delete the way of a public address.</summary>
    public static IEnumerable<string> Way(string verb, int vni, Address address, GatewayWay way)
    {
        yield return $"{verb} element ip {Table} {Inner} {{ {address} : {way.Inner} }}";
        yield return $"{verb} element ip {Table} {Outer} {{ \"{DeviceNames.Router(vni)}\" . {way.Inner} : {address} }}";
        if (way.IsLeased)
        {
            yield return $"{verb} element netdev {Table} {Leased} {{ {address} }}";
        }
    }

    /// <summary>The lines by which the lease ends at another time: an element that is there keeps its time, so it goes and comes at once.</summary>
    public static string Renewed(string outside, TimeSpan left)
    {
        var element = $"element netdev {Table} {Lease}";
        var added = string.Create(CultureInfo.InvariantCulture, $"add {element} {{ \"{outside}\" timeout {Math.Max(1, (long)left.TotalMilliseconds)}ms }}\n");
        return $"{added}delete {element} {{ \"{outside}\" }}\n{added}";
    }
}
