using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Host.Tunnels;

/// <summary>What nftables is told of tunnels, and what it has counted. Pure.</summary>
/// <param name="names">The names of the host's devices.</param>
/// <param name="port">The UDP port of VXLAN.</param>
/// <param name="kind">Whether hosts are reached by IPv4 or IPv6.</param>
internal sealed class TunnelFilters(TunnelNames names, int port, AddressKind kind)
{
    /// <summary>The sets of what was counted.</summary>
    public static readonly string[] Counted = ["sent", "received"];

    // More hosts than these are not told apart: what is counted decides about paths, and most hosts have fewer.
    private const int MostCounted = 16_384;

    // VXLAN has 8 bytes, of which the number is 3 and the last is 0; the Ethernet header inside begins behind them.
    private const string Vni = "@th,96,32";
    private const string SourceMac = "@th,176,48";
    private const string EtherType = "@th,224,16";
    private const string SourceIp = "@th,336,32";
    private const string ArpMac = "@th,304,48";
    private const string ArpIp = "@th,352,32";

    private string Family => kind == AddressKind.IPv6 ? "ip6" : "ip";

    private string Type => kind == AddressKind.IPv6 ? "ipv6_addr" : "ipv4_addr";

    private string Port => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>The table of what was counted.</summary>
    public string CountTable => $"{names.Prefix}count";

    /// <summary>Takes nothing from guarded addresses that is not encrypted, from relays nothing but frames of segments, and from clients only what they may send.</summary>
    /// <remarks>
    /// Of what a client sends only ARP and IPv4 pass, on its own segment, with its own hardware address and addresses as their source: whoever is on a segment can
    /// answer for nobody else there, and get into no other. Of the headers inside nft knows none: they are found by their place, in bits from the UDP header on.
    /// </remarks>
    public string Guard(ImmutableSortedSet<Address> guarded, ImmutableSortedSet<ClientRight> clients) => Replace($"{names.Prefix}guard") + $$"""
        table inet {{names.Prefix}}guard {
          {{(guarded.IsEmpty ? "" : $"set hosts {{ type {Type}; elements = {{ {string.Join(", ", guarded)} }}; }}")}}
          set clients { typeof {{Family}} saddr . {{Vni}} . {{SourceMac}}; {{Elements(clients.Select(client => $"{client.Below} . 0x{client.Vni << 8:x} . 0x{client.Mac.Number:x}"))}} }
          set addresses { typeof {{Family}} saddr . {{SourceIp}}; {{Elements(clients.Select(client => $"{client.Below} . 0x{client.Address.Number:x}"))}} }
          chain clients {
            iifname != "{{names.Prefix}}*" drop
            {{Family}} saddr . {{Vni}} . {{SourceMac}} != @clients drop
            {{EtherType}} 0x0806 {{Family}} saddr . {{Vni}} . {{ArpMac}} != @clients drop
            {{EtherType}} 0x0806 {{ArpIp}} 0 return
            {{EtherType}} 0x0806 {{Family}} saddr . {{ArpIp}} @addresses return
            {{EtherType}} 0x0800 {{Family}} saddr . {{SourceIp}} @addresses return
            drop
          }
          chain input {
            type filter hook input priority 0;
            {{Family}} saddr {{SegmentClients.RangeOf(kind)}} udp dport {{Port}} jump clients
            iifname != "lo" {{Family}} saddr {{SegmentClients.RangeOf(kind)}} udp dport != {{Port}} drop
            iifname != "lo" {{Family}} saddr {{SegmentClients.RangeOf(kind)}} meta l4proto != udp drop
            {{(guarded.IsEmpty ? "" : $"udp dport {Port} {Family} saddr @hosts iifname != \"{names.Prefix}*\" drop")}}
            iifname "{{names.ToRelays}}*" udp dport != {{Port}} drop
            iifname "{{names.ToRelays}}*" meta l4proto != udp drop
          }
          chain forward {
            type filter hook forward priority 0;
            iifname "{{names.ToRelays}}*" drop
            iifname != "{{names.Relaying}}*" {{Family}} saddr {{SegmentClients.RangeOf(kind)}} drop
          }
        }

        """;

    /// <summary>Of what comes to a relay by its tunnels passes only what goes on by them, and is a frame of a segment.</summary>
    public string Relaying => Replace($"{names.Prefix}relay") + $$"""
        table inet {{names.Prefix}}relay {
          chain forward {
            type filter hook forward priority 0;
            iifname "{{names.Relaying}}*" oifname "{{names.Relaying}}*" udp dport {{Port}} accept
            iifname "{{names.Relaying}}*" drop
            oifname "{{names.Relaying}}*" drop
          }
          chain input {
            type filter hook input priority 0;
            iifname "{{names.Relaying}}*" udp dport != {{Port}} drop
            iifname "{{names.Relaying}}*" meta l4proto != udp drop
          }
          chain output { type filter hook output priority 0; oifname "{{names.Relaying}}*" meta l4proto != udp drop; }
        }

        """;

    /// <summary>Counts from 0 on what goes to and comes from each address by tunnels.</summary>
    public string Count => Replace(CountTable) + $$"""
        table inet {{CountTable}} {
          set sent { type {{Type}}; flags dynamic; size {{MostCounted}}; timeout 1h; }
          set received { type {{Type}}; flags dynamic; size {{MostCounted}}; timeout 1h; }
          chain output { type filter hook output priority 0; oifname "{{names.Prefix}}*" udp dport {{Port}} update @sent { {{Family}} daddr counter }; }
          chain input { type filter hook input priority 0; iifname "{{names.Prefix}}*" udp dport {{Port}} update @received { {{Family}} saddr counter }; }
        }

        """;

    /// <summary>Reads what <c>nft -j list set</c> prints of a set of what was counted.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static IEnumerable<(Address Address, long Bytes)> Read(string printed)
    {
        using var all = JsonDocument.Parse(printed);
        foreach (var part in all.RootElement.GetProperty("nftables").EnumerateArray())
        {
            if (!part.TryGetProperty("set", out var set) || !set.TryGetProperty("elem", out var elements))
            {
                continue;
            }

            foreach (var element in elements.EnumerateArray().Select(each => each.GetProperty("elem")))
            {
                yield return (Address.Parse(element.GetProperty("val").GetString()!), element.GetProperty("counter").GetProperty("bytes").GetInt64());
            }
        }
    }

    private static string Elements(IEnumerable<string> elements) => string.Join(", ", elements.Distinct()) is { Length: > 0 } all ? $"elements = {{ {all} }}" : "";

    private static string Replace(string table) => $"table inet {table}\ndelete table inet {table}\n";
}
