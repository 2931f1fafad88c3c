using System.Globalization;
using Federation.Domain.Guests;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>The memory of a VM after moves between hosts. tests/nightly-hosts.sh asks for more of them.</summary>
public sealed class MemoryMoveTests
{
    private const int FewestRounds = 2;

    // So slow that pages are written again while the first round lasts.
    private static readonly TransferTerms Slow = new() { BytesPerSecond = 32_000_000, DowntimeSeconds = 0.05 };

    private static int Moves => Environment.GetEnvironmentVariable("FEDERATION_MEMORY_MOVES") is { } times ? int.Parse(times, CultureInfo.InvariantCulture) : 4;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task A_guest_that_checks_every_page_finds_none_stale_however_often_it_is_moved_to_and_fro()
    {
        using var lab = new HostLab(hosts: 2);
        using var http = new HttpClient();
        await using var first = LabGuest.Driver(lab.Hosts[0], http);
        await using var second = LabGuest.Driver(lab.Hosts[1], http);
        var guest = LabGuest.Of(lab, "hot=64 cold=16 busy");
        await first.Start(guest, Cancel);
        await Lives(lab.Hosts[0]);

        for (var move = 0; move < Moves; move++)
        {
            var (from, to) = move % 2 == 0 ? (first, second) : (second, first);
            var sent = await LabGuest.Move(move + 1, from, to, guest, Slow, Cancel);
            sent.Rounds.ShouldBeGreaterThanOrEqualTo(FewestRounds);
            await Lives(lab.Hosts[(move + 1) % 2]);
            await Waiting.Until(() => lab.Hosts[move % 2].Left.IsEmpty);
        }

        RunInterval.Overlap(lab.Watcher.Intervals).ShouldBeNull();
        lab.Watcher.Doubt.ShouldBeNull();
        TestContext.Current.SendDiagnosticMessage($"{Moves} moves, longest pause {RunInterval.LongestPause(lab.Watcher.Intervals).TotalMilliseconds:0} ms");
    }

    // Its clock ticks, and of no page is an older state there than it had written.
    private static async Task Lives(HostLab.RealHost host)
    {
        TinyGuest.Heartbeat? beat = null;
        await Waiting.Until(() => Directory.GetFiles(host.Folder, "console.log", SearchOption.AllDirectories) is [var log] && (beat = TinyGuest.Last(log)) is { Count: > 1 });
        beat!.Value.StalePages.ShouldBe(0);
    }
}
