using CsCheck;
using Federation.Domain.Groups;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Domain.Tests.Groups;

public sealed class WaitingWindowsTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    // Which window is reported, how many seconds after the last report.
    private static readonly Gen<(int Window, double Seconds)[]> Reports = Gen.Select(Gen.Int[0, 12], Gen.Double[0, 4]).Array[1, 60];

    [Fact]
    public void The_oldest_waits_no_longer_when_and_only_when_any_has_waited_for_the_grace_since_its_last_report() => Reports.Sample(reports =>
    {
        var (waiting, now) = (new WaitingWindows(Grace), Start);
        for (var count = 1; count <= reports.Length; count++)
        {
            now += TimeSpan.FromSeconds(reports[count - 1].Seconds);
            waiting.Note(WindowAt(reports[count - 1].Window), now);
            var last = LastReports(reports[..count]);
            waiting.Oldest.ShouldBe(WindowAt(last.Keys.Min()));
            waiting.IsOverdue(now).ShouldBe(last.Values.Any(reported => now - reported >= Grace));
        }
    });

    [Fact]
    public void What_is_removed_is_a_window_and_all_before_it() => Gen.Select(Reports, Gen.Int[0, 12]).Sample((reports, last) =>
    {
        var waiting = new WaitingWindows(Grace);
        foreach (var (window, _) in reports)
        {
            waiting.Note(WindowAt(window), Start);
        }

        waiting.RemoveUntil(WindowAt(last));
        var left = reports.Select(report => report.Window).Where(window => window > last).ToArray();
        waiting.Oldest.ShouldBe(left.Length > 0 ? WindowAt(left.Min()) : null);
    });

    [Fact]
    public void Windows_that_come_newest_first_without_an_end_do_not_keep_any_waiting_for_ever()
    {
        var waiting = new WaitingWindows(Grace);
        var now = Start;
        for (var back = 0; !waiting.IsOverdue(now); back++)
        {
            waiting.Note(WindowAt(-back), now);
            now += TimeSpan.FromSeconds(0.1);
            (now - Start).ShouldBeLessThan(Grace + TimeSpan.FromSeconds(1));
        }
    }

    private static Window WindowAt(int number) => Window.Containing(Start).Shift(number);

    private static Dictionary<int, DateTimeOffset> LastReports((int Window, double Seconds)[] reports)
    {
        var (last, now) = (new Dictionary<int, DateTimeOffset>(), Start);
        foreach (var (window, seconds) in reports)
        {
            now += TimeSpan.FromSeconds(seconds);
            last[window] = now;
        }

        return last;
    }
}
