using System.Net;
using System.Net.Sockets;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>The watcher sees what it is there for, with QEMU driven by hand.</summary>
public sealed class CopyWatcherTests : IDisposable
{
    private const int Memory = (16 << 10) + 8;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-watcher-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task A_move_is_seen_with_its_pause_and_a_source_that_is_told_to_go_on_beside_its_destination_is_a_second_one()
    {
        var program = TinyGuest.Build(folder.FullName);
        using var watcher = new CopyWatcher(("a", Folder("a")), ("b", Folder("b")));
        using var source = new BareQemu(Folder("a"), program, "hot=64", Memory, isDestination: false);
        await Waiting.Until(() => watcher.Running is ["a"] && TinyGuest.Last(source.SerialLog) is { Count: > 0 });

        using var moved = await BareQemu.Move(source, () => new(Folder("b"), program, "hot=64", Memory, isDestination: true), new(IPAddress.Loopback, FreePort.Take()), downtimeSeconds: 0.3, Cancel);
        await Waiting.Until(() => watcher.Running is ["b"] && TinyGuest.Last(moved.SerialLog) is { Count: > 1 });

        RunInterval.Overlap(watcher.Intervals).ShouldBeNull();
        watcher.Doubt.ShouldBeNull();
        RunInterval.LongestPause(watcher.Intervals).ShouldBeInRange(TimeSpan.FromMicroseconds(1), TimeSpan.FromSeconds(20));
        TinyGuest.Last(moved.SerialLog)!.Value.StalePages.ShouldBe(0);

        source.Do("cont");
        await Waiting.Until(() => watcher.Running.Length == 2);
        RunInterval.Overlap(watcher.Intervals).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_listens_at_a_monitor_and_greets_nobody_is_no_copy()
    {
        Directory.CreateDirectory(Folder("a"));
        using var monitor = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        monitor.Bind(new UnixDomainSocketEndPoint(Path.Combine(Folder("a"), "observer.qmp")));
        monitor.Listen();
        using var watcher = new CopyWatcher(("a", Folder("a")));

        (await monitor.AcceptAsync(Cancel)).Dispose();
        using var second = await monitor.AcceptAsync(Cancel);
        watcher.Copies.ShouldBeEmpty();

        second.Send("{\"QMP\":{}}\n"u8);
        await Waiting.Until(() => watcher.Copies.Length == 1);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Folder(string host) => Path.Combine(folder.FullName, host);
}
