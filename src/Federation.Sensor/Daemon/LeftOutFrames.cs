using System.Collections.Immutable;
using System.Globalization;
using Federation.Sensor.Headers;
using Federation.Sensor.Live;

namespace Federation.Sensor.Daemon;

/// <summary>Frames in which a live sensor found no IP addresses, by what they were: they count by Ethernet address, if at all.</summary>
internal static class LeftOutFrames
{
    /// <summary>None, by no reason.</summary>
    public static ImmutableSortedDictionary<string, long> None { get; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Adds a cut.</summary>
    public static ImmutableSortedDictionary<string, long> With(this ImmutableSortedDictionary<string, long> sums, CaptureCut cut)
    {
        var builder = sums.ToBuilder();
        foreach (var tally in cut.Tallies.Where(tally => tally.Source.Kind == Domain.Identity.AddressKind.None))
        {
            var reason = ReasonOf(tally.Protocol);
            builder[reason] = builder.GetValueOrDefault(reason) + tally.Packets;
        }

        return builder.ToImmutable();
    }

    /// <summary>What <see cref="FrameTally.Protocol"/> says, for people.</summary>
    public static string ReasonOf(ushort protocol) => protocol switch
    {
        0 => "cut short before its type",
        1 => "802.2 LLC",
        EtherTypes.IPv4 => "IPv4 header cut short or damaged",
        EtherTypes.IPv6 => "IPv6 header cut short or damaged",
        EtherTypes.MplsUnicast or EtherTypes.MplsMulticast => "MPLS without IP",
        EtherTypes.PppoeSession => "PPPoE without IP",
        EtherTypes.Vlan or EtherTypes.ProviderVlan or EtherTypes.OldProviderVlan or EtherTypes.OlderProviderVlan => "too many VLAN tags",
        _ => EtherTypes.NameOf(protocol) ?? string.Create(CultureInfo.InvariantCulture, $"EtherType 0x{protocol:x4}"),
    };
}
