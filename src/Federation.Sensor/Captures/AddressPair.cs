using Federation.Domain.Identity;

namespace Federation.Sensor.Captures;

/// <summary>Which IP address sent a packet to which.</summary>
/// <param name="Source">Who sent.</param>
/// <param name="Destination">Who was to receive.</param>
public readonly record struct AddressPair(Address Source, Address Destination) : IComparable<AddressPair>
{
    /// <summary>By source, then by destination.</summary>
    public int CompareTo(AddressPair other)
    {
        var bySource = Source.CompareTo(other.Source);
        return bySource != 0 ? bySource : Destination.CompareTo(other.Destination);
    }
}
