using System.Collections.Immutable;
using CsCheck;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Host.Networks;

namespace Federation.Host.Tests.Networks;

/// <summary>Segments as a service may want them, and copies as a host may see them.</summary>
internal static class RandomSegments
{
    public const int Vni = 0x2a;

    private static readonly AppId Application = AppId.Parse("astro/cg.1");

    private static readonly Gen<VtepId> Vtep = Gen.Int[0, 3].Select(number => new VtepId(new("rennes"), $"h{number}"));

    /// <summary>This host.</summary>
    public static readonly VtepId Here = new(new("rennes"), "h0");

    /// <summary>Its address below.</summary>
    public static readonly Address Below = Address.Parse("10.0.0.1");

    /// <summary>A segment with its copies here.</summary>
    public static readonly Gen<(Segment Segment, ImmutableDictionary<SegmentPort, LocalCopy> Copies)> Any =
        from entries in Entry.Array[0, 6]
        from peers in Gen.Shuffle(new[] { 0, 1, 2, 3 }, 0, 4)
        from copies in Gen.Select(Gen.Int[0, 5], Gen.Enum<GuestState>()).Array[0, 4]
        select (
            new Segment(Application, Vni, 1420, Subnet.Parse("10.1.0.0/16"), 1, entries.GroupBy(entry => entry.Port).ToImmutableSortedDictionary(same => same.Key, same => same.First()),
                peers.Select(number => new SegmentPeer(new(new("rennes"), $"h{number}"), Address.Parse($"10.0.0.{number + 1}"))).ToImmutableSortedDictionary(peer => peer.Id, peer => peer)),
            copies.GroupBy(copy => copy.Item1).ToImmutableDictionary(same => Port(same.Key), same => new LocalCopy(same.First().Item2, $"fv{same.Key}")));

    private static Gen<SegmentEntry> Entry =>
        from number in Gen.Int[0, 5]
        from addresses in Gen.Int[0, 3]
        from at in Vtep.Nullable()
        from next in Vtep.Nullable()
        from former in Vtep.Array[0, 2]
        select new SegmentEntry(
            Port(number),
            Address.Parse($"52:54:00:00:00:{number:x2}"),
            [.. ((string[])[$"10.1.0.{number}", $"fd77::{number:x}"]).Where((_, index) => (addresses >> index & 1) == 1).Select(Address.Parse)],
            1, 1, at) { Next = next, Former = [.. former.Distinct()] };

    /// <summary>What the host's devices have to be told of it.</summary>
    public static SegmentRules Rules((Segment Segment, ImmutableDictionary<SegmentPort, LocalCopy> Copies) of) =>
        SegmentRules.Of(of.Segment, ForwardingTable.Of(of.Segment, Here, of.Copies), Here, Below, of.Copies);

    private static SegmentPort Port(int number) => new(new(Application, new($"vm{number}")), 0);
}
