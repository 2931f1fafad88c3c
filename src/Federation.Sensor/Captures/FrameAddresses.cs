using System.Buffers.Binary;
using Federation.Domain.Identity;
using PacketDotNet;

namespace Federation.Sensor.Captures;

/// <summary>Finds out who sent a frame to whom, from its first bytes and without an allocation.</summary>
/// <remarks>PacketDotNet's offsets over the bytes themselves: its packet objects cost 800 bytes and twice the time.</remarks>
internal static class FrameAddresses
{
    private const byte IPv4Version = 4;
    private const byte IPv6Version = 6;

    /// <summary>
    /// The IP addresses, if the frame is an IP packet and enough of it was kept; otherwise the Ethernet addresses, as far as
    /// the link type tells them.
    /// </summary>
    public static AddressPair Of(LinkLayers link, ReadOnlySpan<byte> data) => link switch
    {
        LinkLayers.Ethernet => OfEthernet(data),
        LinkLayers.LinuxSll => OfCooked(data, CookedHeader.Sll),
        LinkLayers.LinuxSll2 => OfCooked(data, CookedHeader.Sll2),
        _ => OfPacket(data) ?? default,
    };

    private static AddressPair OfEthernet(ReadOnlySpan<byte> data)
    {
        if (data.Length < EthernetFields.HeaderLength)
        {
            return default;
        }

        return OfPayload(ReadType(data, EthernetFields.TypePosition), data[EthernetFields.HeaderLength..]) ?? new AddressPair(
            Address.Mac(data[EthernetFields.SourceMacPosition..]), Address.Mac(data[EthernetFields.DestinationMacPosition..]));
    }

    private static AddressPair OfCooked(ReadOnlySpan<byte> data, CookedHeader header)
    {
        if (data.Length < header.Length)
        {
            return default;
        }

        // A cooked header tells no destination, and the sender only on links that have addresses of 6 bytes.
        var hasMac = data[header.AddressLengthPosition] == EthernetFields.MacAddressLength;
        return OfPayload(ReadType(data, header.TypePosition), data[header.Length..])
            ?? new AddressPair(hasMac ? Address.Mac(data[header.AddressPosition..]) : default, default);
    }

    /// <summary>The IP addresses of what the type announces, through any VLAN tags; null if it is not IP.</summary>
    private static AddressPair? OfPayload(EthernetType type, ReadOnlySpan<byte> rest)
    {
        while (IsVlanTag(type) && rest.Length >= Ieee8021QFields.HeaderLength)
        {
            type = ReadType(rest, Ieee8021QFields.TypePosition);
            rest = rest[Ieee8021QFields.HeaderLength..];
        }

        return type is EthernetType.IPv4 or EthernetType.IPv6 ? OfPacket(rest) : null;
    }

    private static bool IsVlanTag(EthernetType type) =>
        type is EthernetType.VLanTaggedFrame or EthernetType.ProviderBridging or EthernetType.QInQ;

    private static EthernetType ReadType(ReadOnlySpan<byte> data, int position) =>
        (EthernetType)BinaryPrimitives.ReadUInt16BigEndian(data[position..]);

    private static AddressPair? OfPacket(ReadOnlySpan<byte> packet) => Version(packet) switch
    {
        IPv4Version when packet.Length >= IPv4Fields.HeaderLength => new AddressPair(
            Address.IPv4(packet[IPv4Fields.SourcePosition..]), Address.IPv4(packet[IPv4Fields.DestinationPosition..])),
        IPv6Version when packet.Length >= IPv6Fields.HeaderLength => new AddressPair(
            Address.IPv6(packet[IPv6Fields.SourceAddressPosition..]),
            Address.IPv6(packet[IPv6Fields.DestinationAddressPosition..])),
        _ => null,
    };

    private static int Version(ReadOnlySpan<byte> packet) => packet.IsEmpty ? 0 : packet[0] >> 4;
}

/// <summary>Who sent a frame to whom: two IP addresses, or two Ethernet addresses where it was not IP.</summary>
/// <param name="Source">Who sent; <see cref="AddressKind.None"/> if the frame does not tell.</param>
/// <param name="Destination">Who was to receive; <see cref="AddressKind.None"/> if the frame does not tell.</param>
public readonly record struct AddressPair(Address Source, Address Destination) : IComparable<AddressPair>
{
    /// <summary>Whether it was an IP packet.</summary>
    public bool IsIP => Source.Kind is AddressKind.IPv4 or AddressKind.IPv6;

    /// <summary>By source, then by destination.</summary>
    public int CompareTo(AddressPair other)
    {
        var bySource = Source.CompareTo(other.Source);
        return bySource != 0 ? bySource : Destination.CompareTo(other.Destination);
    }
}

/// <summary>Where a Linux cooked header keeps what is wanted of it, in bytes from its start.</summary>
/// <param name="Length">The header's length; the packet follows.</param>
/// <param name="TypePosition">The EtherType, 2 bytes.</param>
/// <param name="AddressLengthPosition">The low byte of the length of the sender's link-layer address.</param>
/// <param name="AddressPosition">The sender's link-layer address.</param>
internal readonly record struct CookedHeader(int Length, int TypePosition, int AddressLengthPosition, int AddressPosition)
{
    /// <summary>Version 1, what <c>tcpdump -i any</c> wrote for long.</summary>
    public static readonly CookedHeader Sll = new(
        LinuxSllFields.SLLHeaderLength,
        LinuxSllFields.EthernetProtocolTypePosition,
        LinuxSllFields.LinkLayerAddressLengthPosition + 1,
        LinuxSllFields.LinkLayerAddressPosition);

    /// <summary>Version 2, what it writes now.</summary>
    public static readonly CookedHeader Sll2 = new(
        LinuxSll2Fields.SLL2HeaderLength,
        LinuxSll2Fields.EthernetProtocolTypePosition,
        LinuxSll2Fields.LinkLayerAddressLengthPosition,
        LinuxSll2Fields.LinkLayerAddressPosition);
}
