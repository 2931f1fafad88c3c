using CsCheck;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Daemon;

/// <summary>Sensors whose process is killed again and again, while the kernel counts on.</summary>
public sealed class KilledSensorTests
{
    private static readonly Gen<Life[]> Lives = Gen.Select(
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 9]).Array[0, 12], Gen.Int[1, 6000], Gen.Int[0, 40], Gen.Int[0, 100],
        (steps, bytes, dead, packets) => new Life(steps, bytes, dead, packets)).Array[1, 5];

    [Fact]
    public void Whenever_it_is_killed_every_frame_is_reported_once_and_an_exact_window_has_what_passed_in_it() => Lives.Sample(lives =>
    {
        var rig = new SensorRig();
        var passed = new Dictionary<Window, long>();
        rig.Start(new ScriptedCapture(rig.Time));
        foreach (var life in lives)
        {
            GoOn(rig, life.BytesUntilKilled);
            foreach (var (packets, seconds) in life.Steps)
            {
                Pass(rig, packets, passed);
                for (var second = 0; second < seconds && !rig.Disk.HasFailed; second++)
                {
                    rig.Pass(1);
                }
            }

            // Nobody looks any more, and the traffic goes on.
            Pass(rig, life.PacketsWhileDead, passed);
            rig.Time.Pass(TimeSpan.FromSeconds(life.SecondsDead));
            Pass(rig, life.PacketsWhileDead, passed);
            rig.Time.Pass(TimeSpan.FromMilliseconds(300));
        }

        rig.GoOn(rig.Disk.Restarted());
        rig.Pass(61);

        // The service takes the first report of a window and leaves aside the others.
        var reports = rig.Reports().Where(report => report.Vm == new VmId("vm1")).GroupBy(report => report.Window)
            .Select(same => same.First()).ToArray();
        reports.Sum(Packets).ShouldBe(passed.Values.Sum());
        foreach (var report in reports.Where(report => report.IsExact))
        {
            Packets(report).ShouldBe(passed.GetValueOrDefault(report.Window), report.Window.ToString());
        }
    });

    [Fact]
    public void Killed_and_started_within_a_window_it_has_lost_nothing_and_the_window_is_exact()
    {
        var rig = new SensorRig();
        rig.Start(new ScriptedCapture(rig.Time));
        rig.Pass(12);
        rig.Capture.Pass(2, 1, 10);
        rig.Time.Pass(TimeSpan.FromSeconds(4));
        rig.Capture.Pass(2, 1, 100);
        rig.GoOn(rig.Disk);
        rig.Pass(14);
        SensorRig.Text(rig.Report(1)).ShouldBe("10.0.0.2:110");
        rig.Report(1).IsExact.ShouldBeTrue();
    }

    [Fact]
    public void Killed_over_the_end_of_a_window_what_nobody_could_cut_is_in_the_earlier_one_and_both_are_partial()
    {
        var rig = new SensorRig();
        rig.Start(new ScriptedCapture(rig.Time));
        rig.Pass(28);
        rig.Capture.Pass(2, 1, 10);
        rig.Time.Pass(TimeSpan.FromSeconds(5));
        rig.Capture.Pass(2, 1, 100);
        rig.GoOn(rig.Disk);
        rig.Capture.Pass(2, 1, 1000);
        rig.Pass(27);
        (SensorRig.Text(rig.Report(1)), rig.Report(1).Covered).ShouldBe(("10.0.0.2:110", TimeSpan.FromSeconds(27)));
        (SensorRig.Text(rig.Report(1, 1)), rig.Report(1, 1).Covered).ShouldBe(("10.0.0.2:1000", TimeSpan.FromSeconds(27)));
    }

    private static void GoOn(SensorRig rig, long bytesUntilKilled)
    {
        try
        {
            rig.GoOn(rig.Disk.Restarted(bytesUntilCrash: bytesUntilKilled));
        }
        catch (IOException)
        {
            rig.Disk.HasFailed.ShouldBeTrue("it ends by itself only where it cannot write");
        }
    }

    private static long Packets(WindowReport report) => report.Records.Sum(record => record.Packets);

    private static void Pass(SensorRig rig, long packets, Dictionary<Window, long> passed)
    {
        rig.Capture.Pass(2, 1, packets);
        var window = Window.Containing(rig.Time.GetUtcNow());
        passed[window] = passed.GetValueOrDefault(window) + packets;
    }

    /// <summary>One process.</summary>
    /// <param name="Steps">Packets that pass, and the seconds that follow.</param>
    /// <param name="BytesUntilKilled">It is killed in the midst of writing the byte of that number, if it comes so far.</param>
    /// <param name="SecondsDead">Until the next one is started.</param>
    /// <param name="PacketsWhileDead">Packets that pass as it is killed, and as the next one is started.</param>
    private sealed record Life((int Packets, int Seconds)[] Steps, int BytesUntilKilled, int SecondsDead, int PacketsWhileDead)
    {
        public override string ToString() =>
            $"{string.Join(" ", Steps)}, killed at byte {BytesUntilKilled}, {PacketsWhileDead} packets twice, dead for {SecondsDead} s";
    }
}
