using Federation.Domain.Identity;

namespace Federation.Sensor.Counting;

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
