using System.Text.Json;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Sensors;

/// <summary>The real sensor and the real service over real bridges, against what the VMs' own interfaces counted.</summary>
public abstract class SensorLabTests
{
    // So that what never comes fails the test instead of keeping it for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private protected static async Task Exchange(string capture, bool goesBadly)
    {
        await using var lab = await SensorLab.Start(capture);
        var (vm1, vm2, vm3) = (lab.Vms[0], lab.Vms[1], lab.Vms[2]);
        // The counting program was loaded, and what that took is gone from every thread: CAP_NET_RAW (bit 13) alone is left.
        (await lab.SensorB.Until(_ => true)).Backend.ShouldBe("kernel");
        lab.SensorB.Privileges.ShouldBe(["Uid: 65534 65534 65534 65534 CapPrm: 0000000000002000 CapAmb: 0000000000002000"]);
        var begin = Window.Containing(Now);

        // The first whole window: TCP, UDP and IPv6, on a host and between hosts, and a VM that moves in the midst of it.
        await Until(begin.Next.Start + TimeSpan.FromSeconds(1));
        vm1.Send(vm2, 1000);
        vm3.Send(vm2, 500);
        vm2.Send6(vm3, 300);
        vm2.Send6(vm1, 200);
        vm1.Send(lab.FileServer, 70);
        vm3.Send(lab.FileServer, 30);
        await vm1.Stream(vm2, 3_000_000, Cancel);
        await vm3.Stream(vm1, 2_000_000, Cancel);
        vm2.Move(lab.HostA, lab.HostB);
        await lab.SensorB.Until(status => capture.Contains("bridge", StringComparison.Ordinal) || status.Watched.Contains(vm2.Tap));
        vm2.Announce();
        vm1.Send(vm2, 400);
        vm3.Send(vm2, 600);
        await lab.Tell(vm2, "b");
        await lab.SensorB.Until(status => status.Vms.Length == 2);
        await vm2.Stream(vm1, 1_000_000, Cancel);
        vm2.Send(lab.FileServer, 11);
        if (goesBadly)
        {
            await KillService(lab);
            await CutNetwork(lab, vm1, vm2, vm3);
        }

        var last = Window.Containing(Now);
        await Until(last.End + TimeSpan.FromSeconds(1));
        await Check(lab, begin, last, goesBadly);
    }

    private static async Task KillService(SensorLab lab)
    {
        lab.Service.Kill();
        lab.Vms[2].Send(lab.Vms[0], 50);
        await lab.Service.Restart();
    }

    // From within the first window until after the third: none of the three can be delivered before.
    private static async Task CutNetwork(SensorLab lab, LabVm vm1, LabVm vm2, LabVm vm3)
    {
        var first = Window.Containing(Now);
        lab.LineA.Cut();
        lab.LineB.Cut();
        for (var window = 0; window < 3; window++)
        {
            await Until(first.Shift(window).Start + TimeSpan.FromSeconds(2));
            vm1.Send(vm3, 100);
            vm2.Send6(vm1, 100);
            if (window == 1)
            {
                await KillSensor(lab, vm1, vm3);
            }

            vm3.Send(vm1, 100);
        }

        (await lab.SensorA.Until(status => status.Delivery.Failure is not null)).Spool.Reports.ShouldBeGreaterThan(0);
        await Until(first.Shift(2).End + TimeSpan.FromSeconds(1));

        // All that waits comes to a service whose database is away for another 20 s.
        await lab.Database.Stop();
        lab.LineA.Mend();
        lab.LineB.Mend();
        await Until(first.Shift(2).End + TimeSpan.FromSeconds(21));
        await lab.Database.Resume();
    }

    // In the midst of traffic, which goes on while there is no sensor.
    private static async Task KillSensor(SensorLab lab, LabVm vm1, LabVm vm3)
    {
        var before = Now;
        vm3.Send(vm1, 100);
        lab.SensorA.Kill();
        vm3.Send(vm1, 100);
        vm1.Send(lab.FileServer, 5);
        lab.SensorA.Start();
        vm3.Send6(vm1, 100);
        await lab.SensorA.Until(status => status.StartedAt > before && status.Faults.IsEmpty && status.Watched.Length > 0);
    }

    private static async Task Check(SensorLab lab, Window begin, Window last, bool goesBadly)
    {
        var answer = await AllUntil(lab, last);
        foreach (var vm in lab.Vms)
        {
            ReceivedBy($"vm{vm.Number}", answer).ShouldBe(vm.Received, $"vm{vm.Number}: {answer}\n{lab.SensorA.Log}\n{lab.SensorB.Log}");
        }

        // 500 and 600 datagrams, and the word to all with which it announced itself.
        Pair(answer, "vm3", "vm2").ShouldBe(1101);
        Outside(answer, "vm1").ShouldBe(goesBadly ? 75 : 70);
        Outside(answer, "vm2").ShouldBe(11);
        Outside(answer, "vm3").ShouldBe(30);

        // The move's window is whole, and all after it, that in which a sensor was killed among them.
        var windows = answer.GetProperty("windows").EnumerateArray().ToArray();
        var partial = windows.Where(window => window.GetProperty("partial").GetArrayLength() > 0)
            .Select(window => Window.Containing(window.GetProperty("start").GetDateTimeOffset()).WindowsSince(begin)).ToArray();
        partial.ShouldAllBe(window => window <= 0);
        windows.ShouldAllBe(window => window.GetProperty("silent").GetArrayLength() == 0);
        (await lab.SensorA.Metrics()).ShouldContain("federation_sensor_dropped_frames_total 0\n");
        (await lab.SensorB.Metrics()).ShouldContain("federation_sensor_dropped_frames_total 0\n");
    }

    // Once every VM's sensor has reported the last window: that it has closed does not say that it has arrived.
    private static async Task<JsonElement> AllUntil(SensorLab lab, Window last)
    {
        var until = last.End.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);
        while (true)
        {
            await lab.SensorA.Until(status => status.Spool.Reports == 0 && status.Delivery.Failure is null);
            await lab.SensorB.Until(status => status.Spool.Reports == 0 && status.Delivery.Failure is null);
            var answer = await lab.Get($"/v1/applications/lab/traffic?as=detailed&windows={last.WindowsSince(lab.FirstWord) + 1}&until={until}");
            if (answer.GetProperty("windows").EnumerateArray().Last().GetProperty("silent").GetArrayLength() == 0
                || Now > last.End + Patience)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, Cancel);
        }
    }

    private static (long Packets, long Bytes) ReceivedBy(string vm, JsonElement answer)
    {
        var (packets, bytes) = (0.0, 0.0);
        foreach (var matrix in answer.GetProperty("matrices").EnumerateArray())
        {
            var pairs = matrix.GetProperty("pairs").EnumerateArray().Where(pair => pair.GetProperty("destination").GetString() == vm).ToArray();
            var outside = matrix.GetProperty("outside").EnumerateArray().Where(entry => entry.GetProperty("vm").GetString() == vm).ToArray();
            packets += pairs.Sum(pair => pair.GetProperty("packets").GetDouble()) + outside.Sum(entry => entry.GetProperty("receivedPackets").GetDouble());
            bytes += pairs.Sum(pair => pair.GetProperty("bytes").GetDouble()) + outside.Sum(entry => entry.GetProperty("receivedBytes").GetDouble());
        }

        return ((long)packets, (long)bytes);
    }

    private static double Pair(JsonElement answer, string source, string destination) => answer.GetProperty("matrices").EnumerateArray()
        .SelectMany(matrix => matrix.GetProperty("pairs").EnumerateArray())
        .Where(pair => (pair.GetProperty("source").GetString(), pair.GetProperty("destination").GetString()) == (source, destination))
        .Sum(pair => pair.GetProperty("packets").GetDouble());

    private static double Outside(JsonElement answer, string vm) => answer.GetProperty("matrices").EnumerateArray()
        .SelectMany(matrix => matrix.GetProperty("outside").EnumerateArray())
        .Where(entry => entry.GetProperty("vm").GetString() == vm)
        .Sum(entry => entry.GetProperty("sentPackets").GetDouble());

    private static async Task Until(DateTimeOffset instant)
    {
        if (instant - Now is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, TimeProvider.System, Cancel);
        }
    }
}

/// <inheritdoc/>
public sealed class BridgeLabTests : SensorLabTests
{
    [LabFact]
    public async Task On_bridges_every_frame_is_counted_once_over_a_move_kills_a_network_cut_for_three_windows_and_a_database_away() =>
        await Exchange("{ bridge: br0, uplink: up0, sample: 1s }", goesBadly: true);
}

/// <inheritdoc/>
public sealed class TapLabTests : SensorLabTests
{
    [LabFact]
    public async Task On_taps_every_frame_is_counted_once_over_a_move() => await Exchange("{ taps: [f*], sample: 1s }", goesBadly: false);
}
