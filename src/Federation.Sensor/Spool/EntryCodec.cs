using System.Buffers.Binary;
using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

/// <summary>A <see cref="SpoolEntry"/> as bytes: some 8 a record, since addresses are written once and numbers as short as they are.</summary>
internal static class EntryCodec
{
    /// <summary>Writes an entry.</summary>
    public static void Write(BinaryWriter to, SpoolEntry entry)
    {
        to.Write7BitEncodedInt64(entry.Id);
        to.Write(entry.Application.Key);
        to.Write(entry.Sensor);
        to.Write(entry.Boot.ToByteArray());
        to.Write7BitEncodedInt64(entry.First.Start.UtcTicks / Window.Length.Ticks);
        WriteAll(to, entry.Sequences, to.Write7BitEncodedInt64);
        var addresses = entry.Vms.SelectMany(vm => vm.Records).Select(record => record.Peer).Distinct().ToImmutableArray();
        WriteAll(to, addresses, address => AddressCodec.Write(to, address));
        var numbers = addresses.Select((address, number) => (address, number)).ToDictionary(pair => pair.address, pair => pair.number);
        WriteAll(to, entry.Vms, vm => Write(to, vm, numbers));
    }

    /// <summary>Reads an entry that <see cref="Write(BinaryWriter, SpoolEntry)"/> wrote.</summary>
    public static SpoolEntry Read(BinaryReader from)
    {
        var id = from.Read7BitEncodedInt64();
        var (application, sensor, boot) = (AppId.Parse(from.ReadString()), from.ReadString(), new Guid(from.ReadBytes(16)));
        var first = Window.Containing(new DateTimeOffset(from.Read7BitEncodedInt64() * Window.Length.Ticks, TimeSpan.Zero));
        var sequences = ReadAll(from, from.Read7BitEncodedInt64);
        var addresses = ReadAll(from, () => AddressCodec.Read(from));
        return new(id, application, sensor, boot, first, sequences, ReadAll(from, () => ReadVm(from, addresses)));
    }

    private static void Write(BinaryWriter to, SpooledVm vm, Dictionary<Address, int> numbers)
    {
        to.Write(vm.Vm.Value);
        to.Write7BitEncodedInt64(vm.Covered.Ticks);
        to.Write7BitEncodedInt64(vm.Dropped);
        WriteAll(to, vm.Records, record =>
        {
            to.Write7BitEncodedInt64(((long)numbers[record.Peer] << 1) | (long)record.Direction);
            to.Write7BitEncodedInt64(record.Packets);
            to.Write7BitEncodedInt64(record.Bytes);
        });
    }

    private static SpooledVm ReadVm(BinaryReader from, ImmutableArray<Address> addresses) => new(
        new VmId(from.ReadString()),
        TimeSpan.FromTicks(from.Read7BitEncodedInt64()),
        from.Read7BitEncodedInt64(),
        ReadAll(from, () =>
        {
            var key = from.Read7BitEncodedInt64();
            return new TrafficRecord(
                addresses[(int)(key >> 1)], (FlowDirection)(key & 1), from.Read7BitEncodedInt64(), from.Read7BitEncodedInt64());
        }));

    private static void WriteAll<T>(BinaryWriter to, ImmutableArray<T> items, Action<T> write)
    {
        to.Write7BitEncodedInt(items.Length);
        foreach (var item in items)
        {
            write(item);
        }
    }

    private static ImmutableArray<T> ReadAll<T>(BinaryReader from, Func<T> read)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            items.Add(read());
        }

        return items.DrainToImmutable();
    }
}

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
