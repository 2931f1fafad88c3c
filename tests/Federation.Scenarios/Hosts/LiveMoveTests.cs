using System.Globalization;
using System.Net;
using System.Text.Json;
using Federation.Testing;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>A live move as the service carries it out, beside QEMU that is driven by hand. tests/bench/live-move.sh asks for more of them and makes the table.</summary>
public sealed class LiveMoveTests
{
    private const int Memory = (16 << 10) + 8;
    private const string Load = "hot=64 cold=16 busy";

    private static int Moves => Environment.GetEnvironmentVariable("FEDERATION_LIVE_MOVES") is { Length: > 0 } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [QemuFact]
    public async Task A_move_tells_what_it_was_estimated_to_take_beside_what_it_took()
    {
        await using var hosted = await HostedLab.Start();
        var moving = new HostedVm(hosted, "moves", 1);
        await moving.Place();

        for (var move = 0; move < Moves; move++)
        {
            await ByHand(hosted.Lab);
            var site = move % 2 == 0 ? "south" : "north";
            await moving.BeginMove(site);
            (await moving.Ends()).ShouldBe("applied");
            var migration = await moving.Migration();
            var (estimated, measured) = (migration.GetProperty("estimated"), migration.GetProperty("measured"));
            measured.GetProperty("rounds").GetInt32().ShouldBeGreaterThan(0);
            Row("service", hosted.Lab.Watcher, Figures(measured), Figures(estimated));
        }
    }

    // The same guest between the same hosts.
    private static async Task ByHand(HostLab lab)
    {
        string[] folders = [.. lab.Hosts.Take(2).Select(host => Path.Combine(host.OtherFolder, "by-hand"))];
        using (var source = new BareQemu(folders[0], lab.Program, Load, Memory, isDestination: false, lab.Hosts[0].Network.Space))
        {
            await Waiting.Until(() => TinyGuest.Last(source.SerialLog) is { Count: > 1 });
            var target = new IPEndPoint(IPAddress.Parse(lab.Hosts[1].Address), FreePort.Take());
            using var moved = await BareQemu.Move(
                source, () => new(folders[1], lab.Program, Load, Memory, isDestination: true, lab.Hosts[1].Network.Space), target, downtimeSeconds: 0.3, Cancel);
            await Waiting.Until(() => TinyGuest.Last(moved.SerialLog) is { Count: > 1 });
            Row("by hand", lab.Watcher, null, null);
        }

        Array.ForEach(folders, folder => Directory.Delete(folder, recursive: true));
    }

    private static string Figures(JsonElement of) => string.Join(',', ((string[])["seconds", "downtimeSeconds", "bytes"]).Select(key => $"{of.GetProperty(key)}"));

    // Both by one measure: from the beginning of the destination's process until it runs, and how long no copy ran.
    private static void Row(string how, CopyWatcher watcher, string? measured, string? estimated)
    {
        if (Environment.GetEnvironmentVariable("FEDERATION_LIVE_MOVES_TABLE") is { Length: > 0 } file)
        {
            var arrived = watcher.Copies[^1];
            var runs = arrived.Intervals[0].From;
            var stood = watcher.Copies.Where(copy => copy.Vm == arrived.Vm).SelectMany(copy => copy.Intervals).Where(interval => interval.To <= runs).Max(interval => interval.To);
            File.AppendAllText(file, string.Create(
                CultureInfo.InvariantCulture, $"{how},{(runs - arrived.Begin) / 1e6:0.000},{(runs - stood) / 1e6:0.0000},{measured ?? ",,"},{estimated ?? ",,"}\n"));
        }
    }
}
