using CsCheck;
using Federation.Domain.Identity;
using Federation.Sensor.Headers;
using Federation.Sensor.Live.Kernel;
using Federation.Sensor.Live.Tables;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live;

/// <summary>What takes no privilege: keys and tables.</summary>
public sealed class FrameKeyTests
{
    private static readonly FrameKeyReader AtFrame = new(inner: false);
    private static readonly FrameKeyReader InTunnel = new(inner: true);

    [Fact]
    public void A_frame_is_read_live_as_it_is_read_from_a_file() => LiveFrames.Any.Sample(frame =>
    {
        // Only as much of it as is kept.
        var kept = frame.Bytes.AsSpan(0, Math.Min(frame.Bytes.Length, FrameKeyReader.SnapLength));
        AtFrame.Read(kept, 77, frame.Towards, out var key).ShouldBe(0);

        key.Interface.ShouldBe(77);
        key.Towards.ShouldBe(frame.Towards);
        key.Protocol.ShouldBe(frame.Protocol);
        (key.Source, key.Destination).ShouldBe((frame.Source, frame.Destination));
        (key.SourceMac, key.DestinationMac).ShouldBe((Address.Mac(frame.Bytes.AsSpan(6)), Address.Mac(frame.Bytes)));
        var isCounted = HeaderWalk.Read(LinkType.Ethernet, frame.Bytes, inner: false, out var reading).Kind == LeftOutKind.None;
        isCounted.ShouldBe(key.Version != 0);
        (reading.Pair.Source, reading.Pair.Destination).ShouldBe(isCounted ? (key.Source, key.Destination) : (reading.Pair.Source, reading.Pair.Destination));
    });

    [Fact]
    public void A_frame_in_a_tunnel_has_the_key_that_it_has_by_itself_if_that_is_asked_for() => LiveFrames.Tunnelled.Sample(tunnelled =>
    {
        var (outer, inner) = tunnelled;
        AtFrame.Read(inner.Bytes, 77, towards: true, out var expected);

        var before = InTunnel.Read(outer.AsSpan(0, Math.Min(outer.Length, InTunnel.Snap)), 77, towards: true, out var key);

        before.ShouldBe(outer.Length - inner.Bytes.Length);
        key.Equals(expected).ShouldBeTrue();
        AtFrame.Read(outer, 77, towards: true, out var around).ShouldBe(0);
        around.Equals(expected).ShouldBeFalse();
    });

    [Fact]
    public void Any_bytes_give_a_key_and_equal_keys_hash_alike() => Gen.Byte.Array[0, 80].Sample(bytes =>
    {
        AtFrame.Read(bytes, 1, towards: true, out var key);
        AtFrame.Read([.. bytes], 1, towards: true, out var same);
        key.Equals(same).ShouldBeTrue();
        key.GetHashCode().ShouldBe(same.GetHashCode());
        AtFrame.Read(bytes, 1, towards: false, out var other);
        key.Equals(other).ShouldBeFalse();
    });

    [Fact]
    public void A_table_counts_as_a_dictionary_does_and_forgets_what_it_has_handed_over() =>
        Gen.Int[0, 5000].Array[0, 6000].Array[1, 3].Sample(
            windows =>
            {
                var table = new TallyTable(3000);
                foreach (var window in windows)
                {
                    var right = new Dictionary<int, int>();
                    var dropped = 0;
                    foreach (var sender in window)
                    {
                        if (right.ContainsKey(sender) || right.Count < 3000)
                        {
                            right[sender] = right.GetValueOrDefault(sender) + 1;
                        }
                        else
                        {
                            dropped++;
                        }

                        AtFrame.Read(LiveFrames.From(sender).Bytes, 1, towards: false, out var key);
                        table.Count(in key, 64);
                    }

                    var builder = new CutBuilder(new Dictionary<int, string> { [1] = "tap0" });
                    table.DrainTo(builder);
                    var cut = builder.Build([]);
                    cut.Dropped.ShouldBe(dropped);
                    cut.Tallies.ShouldSay(right.Select(entry =>
                        LiveFrames.From(entry.Key).On("tap0") with { Packets = entry.Value, Bytes = 64L * entry.Value }));
                }
            },
            iter: 20);

    [Theory]
    [InlineData("0\n", 1)]
    [InlineData("0-3\n", 4)]
    [InlineData("0-3,8-11\n", 12)]
    public void Processors_are_counted_up_to_the_highest(string list, int count) => Processors.Parse(list).ShouldBe(count);

    [Theory]
    [InlineData("")]
    [InlineData("many")]
    public void A_list_of_processors_that_is_none_is_refused(string list) =>
        Should.Throw<IOException>(() => Processors.Parse(list)).Message.ShouldContain(list);
}
