using CsCheck;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

public sealed class CountingPropertyTests
{
    [Fact]
    public void Every_format_link_type_and_kind_of_frame_is_counted_as_the_slow_oracle_counts() =>
        CaptureGen.Capture.Sample(
            capture =>
            {
                using var file = new TemporaryFile(capture.Format.Write(capture.Frames).File);
                var traffic = CaptureTraffic.Read(file.Path);
                SlowCount.Of(traffic).ShouldBe(SlowCount.Of(capture.Frames));
                traffic.End.Frames.ShouldBe(capture.Frames.Length);
                traffic.End.LastFrame.ShouldBe(capture.Frames.LastOrDefault()?.Time);
                traffic.End.Truncated.ShouldBeNull();
            },
            iter: 500);

    [Fact]
    public void Every_frame_is_counted_or_left_out_with_its_reason() =>
        CaptureGen.Capture.Sample(
            capture =>
            {
                using var file = new TemporaryFile(capture.Format.Write(capture.Frames).File);
                var traffic = CaptureTraffic.Read(file.Path);
                var expected = capture.Frames.Where(frame => frame.LeftOut is null).ToArray();
                traffic.Matrix().Values.Sum(tally => tally.Packets).ShouldBe(expected.Length);
                traffic.Matrix().Values.Sum(tally => tally.Bytes).ShouldBe(expected.Sum(frame => (long)frame.Length));
                traffic.Windows.Sum(window => window.Total.Packets).ShouldBe(expected.Length);
                traffic.LeftOut.Sum(left => left.Frames.Packets).ShouldBe(capture.Frames.Length - expected.Length);
            },
            iter: 200);
}
