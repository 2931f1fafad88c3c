using CsCheck;
using Federation.Sensor.Captures;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Captures;

public sealed class TimeStampTests
{
    private const int FractionAt = 4;
    private const int NextHighAt = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_frame_with_an_impossible_time_stamp_is_counted_and_told_and_does_not_end_the_file(bool isNext)
    {
        var (content, ends) = (CaptureFormat.Classic with { IsNext = isNext }).Write(
            [MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z"), MadeFrame.Between(1, 2, "2026-11-23T17:51:01Z"), MadeFrame.Between(2, 1, "2026-11-23T17:51:02Z")]);
        content.AsSpan(ends[1] + (isNext ? NextHighAt : FractionAt), sizeof(uint)).Fill(0xFF);

        var traffic = Count(content);

        traffic.Windows.ShouldHaveSingleItem().Total.Packets.ShouldBe(3);
        traffic.End.ShouldSatisfyAllConditions(
            () => traffic.End.Frames.ShouldBe(3), () => traffic.End.Mistimed.ShouldBe(1), () => traffic.End.Truncated.ShouldBeNull());
    }

    [Fact]
    public void Frames_before_any_time_is_known_are_in_the_window_of_the_first_frame_that_has_one()
    {
        var (content, ends) = (CaptureFormat.Classic with { IsNext = true }).Write(
            [MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z"), MadeFrame.Between(1, 2, "2026-11-23T17:52:31Z")]);
        content.AsSpan(ends[0] + NextHighAt, sizeof(uint)).Fill(0xFF);

        var window = Count(content).Windows.ShouldHaveSingleItem();

        (window.Window.ToString(), window.Total.Packets).ShouldBe(("2026-11-23T17:52:30Z", 2L));
    }

    [Fact]
    public void Whatever_the_time_stamps_are_no_frame_is_lost() =>
        Gen.Select(Gen.Bool, Gen.OneOf(Gen.Const(0U), Gen.Const(999_999U), Gen.Const(1_000_000U), Gen.Const(uint.MaxValue), Gen.UInt).Array[2].Array[1, 10]).Sample(
            (isNext, stamps) =>
            {
                var (content, ends) = (CaptureFormat.Classic with { IsNext = isNext }).Write(stamps.Select(_ => MadeFrame.Between(1, 2, "2026-11-23T17:51:00Z")));
                foreach (var (stamp, end) in stamps.Zip(ends))
                {
                    var at = end + (isNext ? NextHighAt : 0);
                    BitConverter.GetBytes(stamp[0]).CopyTo(content, at);
                    BitConverter.GetBytes(stamp[1]).CopyTo(content, at + sizeof(uint));
                }

                var traffic = Count(content);
                traffic.Windows.Sum(window => window.Total.Packets).ShouldBe(stamps.Length);
                traffic.End.Truncated.ShouldBeNull();
                traffic.End.Mistimed.ShouldBe(stamps.Count(stamp => isNext ? ((ulong)stamp[0] << 32 | stamp[1]) / 1_000_000 > uint.MaxValue : stamp[1] > 999_999));
            });

    /// <summary>The unit of time, as the option if_tsresol writes it, and what a time stamp says in it.</summary>
    [Theory]
    [InlineData(6, 1_795_456_260_000_001, 10)]
    [InlineData(9, 1_795_456_260_000_001_000, 10)]
    [InlineData(3, 1_795_456_260_001, 10_000)]
    [InlineData(0, 1_795_456_260, 0)]
    [InlineData(0x80 | 10, (1_795_456_260L << 10) + 512, 5_000_000)]
    public void Units_of_time_are_those_that_an_interface_names(byte resolution, ulong stamp, long ticks) =>
        TimeUnit.Of(resolution, 0)!.Value.Ticks(stamp).ShouldBe(new DateTime(2026, 11, 23, 17, 51, 0, DateTimeKind.Utc).Ticks + ticks);

    [Fact]
    public void An_interface_may_count_from_another_moment() =>
        TimeUnit.Of(6, 1_795_456_260)!.Value.Ticks(0).ShouldBe(new DateTime(2026, 11, 23, 17, 51, 0, DateTimeKind.Utc).Ticks);

    private static CaptureTraffic Count(byte[] content)
    {
        using var file = new TemporaryFile(content);
        return CaptureTraffic.Read(file.Path);
    }
}
