using System.Buffers.Binary;
using Federation.Domain.Identity;

namespace Federation.Sites.ApplicationFiles;

/// <summary>Addresses that follow one another.</summary>
/// <param name="First">The first.</param>
internal readonly record struct AddressRange(Address First)
{
    /// <summary>The address so many after the first; null past the last one of its kind.</summary>
    public Address? At(int offset)
    {
        var number = First.Number + (uint)offset;
        if (number < First.Number || number > Last)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return First.Kind switch
        {
            AddressKind.IPv4 => Address.IPv4(bytes[12..]),
            AddressKind.IPv6 => Address.IPv6(bytes),
            _ => Address.Mac(bytes[10..]),
        };
    }

    private UInt128 Last => First.Kind switch
    {
        AddressKind.IPv4 => uint.MaxValue,
        AddressKind.IPv6 => UInt128.MaxValue,
        _ => (UInt128.One << 48) - 1,
    };
}
