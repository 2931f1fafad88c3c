using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Traffic;

public sealed class PackedRecordsTests
{
    private static readonly Gen<Address> SomePeer = Gen.OneOf(
        Gen.Byte.Array[4].Select(bytes => Address.IPv4(bytes)),
        Gen.Byte.Array[16].Select(bytes => Address.IPv6(bytes)),
        Gen.Byte.Array[6].Select(bytes => Address.Mac(bytes)));

    private static readonly Gen<ImmutableArray<TrafficRecord>> SomeRecords = Gen.Select(
        SomePeer, Gen.Enum<FlowDirection>(), Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue],
        (peer, direction, packets, bytes) => new TrafficRecord(peer, direction, packets, bytes))
        .Array[0, 30].Select(records => records.ToImmutableArray());

    [Fact]
    public void What_is_packed_is_unpacked_the_same() => SomeRecords.Sample(records =>
    {
        var packed = PackedRecords.Pack(records);
        PackedRecords.Count(packed).ShouldBe(records.Length);
        PackedRecords.Unpack(packed).ShouldBe(records);
    });

    [Fact]
    public void Damage_is_noticed_or_gives_other_records_but_nothing_worse() =>
        Gen.Select(SomeRecords, Gen.Int[0, 10_000], Gen.Byte).Sample((records, place, value) =>
        {
            var packed = PackedRecords.Pack(records);
            if (packed.Length > 0)
            {
                packed[place % packed.Length] = value;
            }

            try
            {
                PackedRecords.Unpack(packed.AsSpan(0, Math.Min(packed.Length, place)));
            }
            catch (InvalidDataException)
            {
                // Noticed.
            }
        });

    [Fact]
    public void Twenty_IPv4_peers_take_two_hundred_bytes()
    {
        var records = Enumerable.Range(0, 20).Select(i => new TrafficRecord(
            Address.IPv4([10, 42, 0, (byte)i]), FlowDirection.Received, 5_000, 1_000_000)).ToImmutableArray();
        PackedRecords.Pack(records).Length.ShouldBe(200);
    }
}
