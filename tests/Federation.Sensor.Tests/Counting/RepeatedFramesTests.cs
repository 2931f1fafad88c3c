using CsCheck;
using Federation.Sensor.Counting;
using Federation.Sensor.Headers;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

/// <summary>The same frame on two interfaces of one capture.</summary>
public sealed class RepeatedFramesTests
{
    private const long Start = 1_795_456_260_000_000;
    private static readonly CaptureFormat TwoInterfaces = CaptureFormat.Classic with { IsNext = true, Further = [LinkType.Ethernet] };

    [Fact]
    public void A_capture_of_both_ends_of_a_bridge_counts_every_frame_once_and_says_so()
    {
        var frames = Enumerable.Range(0, 2000).SelectMany(number => (MadeFrame[])[Sent(number, at: number * 50), Sent(number, at: (number * 50) + 4, on: 1)]);

        var traffic = Count(TwoInterfaces, [.. frames]);

        traffic.Matrix().Values.ShouldBe([new Tally(2000, 2000 * 100)]);
        traffic.LeftOut.ShouldBe([new LeftOut("counted already on another interface", new Tally(2000, 2000 * 100))]);
        traffic.End.Frames.ShouldBe(4000);
    }

    [Fact]
    public void The_order_of_interfaces_in_the_file_does_not_matter()
    {
        var frames = Enumerable.Range(0, 2000).Select(number => Sent(number, at: number * 50)).ToArray();

        Count(TwoInterfaces, [.. frames, .. frames.Select(frame => frame with { Interface = 1 })]).Matrix().Values.ShouldBe([new Tally(2000, 2000 * 100)]);
    }

    [Fact]
    public void What_a_sender_repeats_on_one_interface_is_counted_each_time() =>
        Count(TwoInterfaces, [.. Enumerable.Range(0, 20).Select(number => Sent(7, at: number))]).Matrix().Values.ShouldBe([new Tally(20, 2000)]);

    [Fact]
    public void Equal_frames_that_are_far_apart_are_two()
    {
        var later = (long)RepeatedFrames.Patience.TotalMicroseconds + 1;
        Count(TwoInterfaces, Sent(7, at: 0), Sent(7, at: later, on: 1)).Matrix().Values.ShouldBe([new Tally(2, 200)]);
    }

    [Fact]
    public void A_frame_that_a_router_has_passed_on_is_another_one()
    {
        var routed = Sent(7, at: 1, on: 1);
        routed.Data[22]--;
        Count(TwoInterfaces, Sent(7, at: 0), routed).Matrix().Values.ShouldBe([new Tally(2, 200)]);
    }

    [Fact]
    public void A_frame_of_which_too_little_was_kept_is_counted_and_told()
    {
        // UDP, whose packets have no numbers.
        var cut = Sent(0, at: 0) with { Length = 1500 };
        cut.Data[14 + 9] = 17;

        var traffic = Count(TwoInterfaces, cut, cut with { Interface = 1 });

        traffic.Matrix().Values.ShouldBe([new Tally(2, 3000)]);
        traffic.PerhapsRepeated.ShouldBe(1);
        traffic.LeftOut.ShouldBeEmpty();
    }

    [Fact]
    public void A_capture_of_all_interfaces_of_a_host_tells_them_by_their_numbers()
    {
        var format = CaptureFormat.Classic with { Link = LinkType.LinuxSll2 };

        var traffic = Count(format, Cooked(index: 3), Cooked(index: 5), Cooked(index: 5));

        traffic.Matrix().Values.ShouldBe([new Tally(2, 200)]);
        traffic.LeftOut.Single().Frames.Packets.ShouldBe(1);
    }

    /// <summary>As many of equal frames are counted as the interface that had most of them.</summary>
    [Fact]
    public void Of_equal_frames_as_many_count_as_any_one_interface_had() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2]).Array[1, 60].Sample(sightings =>
        {
            var frames = sightings.Select((sighting, order) => Sent(sighting.Item1, at: order, on: sighting.Item2)).ToArray();
            var right = sightings.GroupBy(sighting => sighting.Item1).Sum(frame => frame.GroupBy(sighting => sighting.Item2).Max(seen => seen.Count()));
            Count(TwoInterfaces with { Further = [LinkType.Ethernet, LinkType.Ethernet] }, frames).Matrix().Values.Sum(tally => tally.Packets).ShouldBe(right);
        });

    /// <summary>The frames before the second interface was named are told from their copies, too.</summary>
    [Fact]
    public void When_the_second_interface_is_named_does_not_matter() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 30], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1]).Array[0, 30]).Sample((first, rest) =>
        {
            MadeFrame[] frames =
            [
                .. first.Select((number, order) => Sent(number, at: order)),
                .. rest.Select((seen, order) => Sent(seen.Item1, at: first.Length + order, on: seen.Item2)),
            ];
            var late = Count(TwoInterfaces with { FurtherAfter = first.Length }, frames);
            var early = Count(TwoInterfaces, frames);
            late.Matrix().ShouldBe(early.Matrix());
            late.LeftOut.ShouldBe(early.LeftOut);
            late.End.ShouldBe(early.End);
        });

    private static CaptureTraffic Count(CaptureFormat format, params MadeFrame[] frames)
    {
        using var file = new TemporaryFile(format.Write(frames).File);
        return CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken);
    }

    /// <summary>A whole frame of 100 bytes; those with the same number are the same.</summary>
    private static MadeFrame Sent(int number, long at, int on = 0)
    {
        byte[] packet = [.. FrameBytes.IPv4([10, 0, 0, 1], [10, 0, 0, 2], 0), .. BitConverter.GetBytes(number), .. new byte[62]];
        (packet[4], packet[5]) = (0, 0);
        var data = FrameBytes.Ethernet([], FrameBytes.IPv4Type, packet);
        return new MadeFrame(Start + at, data, data.Length, null) { Interface = on };
    }

    private static MadeFrame Cooked(byte index)
    {
        byte[] packet = [.. FrameBytes.IPv4([10, 0, 0, 1], [10, 0, 0, 2], 0), .. new byte[60]];
        var data = FrameBytes.Sll2(FrameBytes.IPv4Type, packet);
        data[7] = index;
        return new MadeFrame(Start, data, data.Length, null);
    }
}
