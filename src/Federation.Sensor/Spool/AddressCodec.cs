using System.Buffers.Binary;
using Federation.Domain.Identity;

namespace Federation.Sensor.Spool;

/// <summary>An address as bytes: its kind, and its number in network order.</summary>
internal static class AddressCodec
{
    public static void Write(BinaryWriter to, Address address)
    {
        Span<byte> number = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(number, address.Number);
        to.Write((byte)address.Kind);
        to.Write(number[^SizeOf(address.Kind)..]);
    }

    public static Address Read(BinaryReader from)
    {
        var kind = (AddressKind)from.ReadByte();
        var bytes = from.ReadBytes(SizeOf(kind));
        return kind switch
        {
            AddressKind.IPv4 => Address.IPv4(bytes),
            AddressKind.IPv6 => Address.IPv6(bytes),
            AddressKind.Mac => Address.Mac(bytes),
            _ => default,
        };
    }

    private static int SizeOf(AddressKind kind) => kind switch
    {
        AddressKind.IPv4 => 4,
        AddressKind.IPv6 => 16,
        AddressKind.Mac => 6,
        _ => 0,
    };
}
