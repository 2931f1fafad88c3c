using Federation.Domain.Traffic;
using Federation.Sensor.Counting;
using Federation.Sensor.Tests.Making;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Counting;

public sealed class WindowTests
{
    [Fact]
    public void A_frame_at_the_boundary_belongs_to_the_window_that_it_opens()
    {
        var traffic = Count(
            MadeFrame.Between(1, 2, "2026-11-23T17:51:29.999999Z"), MadeFrame.Between(1, 2, "2026-11-23T17:51:30Z"));
        traffic.Windows.Select(window => (window.Window.ToString(), window.Total.Packets))
            .ShouldBe([("2026-11-23T17:51:00Z", 1L), ("2026-11-23T17:51:30Z", 1L)]);
    }

    [Fact]
    public void A_late_frame_lands_in_its_own_window()
    {
        var traffic = Count(
            MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z", length: 100),
            MadeFrame.Between(1, 2, "2026-11-23T17:51:31Z", length: 200),
            MadeFrame.Between(2, 1, "2026-11-23T17:51:29Z", length: 400));
        traffic.Windows.Select(window => window.Total).ShouldBe([new Tally(2, 500), new Tally(1, 200)]);
    }

    [Fact]
    public void A_window_without_a_frame_is_not_touched()
    {
        var traffic = Count(MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z"), MadeFrame.Between(1, 2, "2026-11-23T18:51:10Z"));
        traffic.Windows.Length.ShouldBe(2);
        traffic.Windows[1].Window.WindowsSince(traffic.Windows[0].Window).ShouldBe((int)(TimeSpan.FromHours(1) / Window.Length));
    }

    [Fact]
    public void A_frame_counts_with_its_original_length_and_not_with_what_was_kept_of_it()
    {
        var frame = MadeFrame.Between(1, 2, "2026-11-23T17:51:10Z", length: 65_226);
        frame.Data.Length.ShouldBe(34);
        Count(frame).Matrix()[frame.Pair!.Value].ShouldBe(new Tally(1, 65_226));
    }

    [Fact]
    public void A_capture_without_frames_has_no_windows()
    {
        var traffic = Count();
        traffic.Windows.ShouldBeEmpty();
        traffic.Matrix().ShouldBeEmpty();
        traffic.End.LastFrame.ShouldBeNull();
    }

    private static CaptureTraffic Count(params MadeFrame[] frames)
    {
        using var file = new TemporaryFile(CaptureFormat.Classic.Write(frames).File);
        return CaptureTraffic.Read(file.Path, TestContext.Current.CancellationToken);
    }
}
