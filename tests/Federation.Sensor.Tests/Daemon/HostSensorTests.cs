using Federation.Domain.Identity;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Daemon;

public sealed class HostSensorTests
{
    [Fact]
    public void A_window_is_reported_when_it_has_closed_and_holds_all_that_passed_until_then()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(2, 1, 10);
        rig.Pass(29);
        rig.Capture.Pass(2, 1, 5);
        rig.Reports().ShouldBeEmpty();
        rig.Pass(1);
        rig.Capture.Pass(2, 1, 3);
        rig.Pass(30);
        (SensorRig.Text(rig.Report(1)), SensorRig.Text(rig.Report(1, 1))).ShouldBe(("10.0.0.2:15", "10.0.0.2:3"));
        rig.Reports().ShouldAllBe(report => report.IsExact);
        rig.Reports().Count.ShouldBe(4);
    }

    [Fact]
    public void The_first_window_is_partial_if_the_sensor_was_started_in_the_midst_of_it()
    {
        var rig = new SensorRig(after: TimeSpan.FromSeconds(18));
        rig.Pass(42);
        (rig.Report(1).Covered, rig.Report(1).IsPartial).ShouldBe((TimeSpan.FromSeconds(12), true));
        rig.Report(1, 1).IsExact.ShouldBeTrue();
    }

    [Fact]
    public void A_VM_that_is_told_of_late_in_the_window_has_its_frames_from_the_start_of_it()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(1, 3, 7);
        rig.Pass(28);
        rig.Capture.Pass(1, 3, 2);
        rig.Host(1, 2, 3);
        rig.Pass(2);
        SensorRig.Text(rig.Report(3)).ShouldBe("10.0.0.1:9");
    }

    [Fact]
    public void A_VM_that_is_told_of_after_the_window_closed_still_gets_a_report_of_it()
    {
        var rig = new SensorRig();
        rig.Pass(20);
        rig.Capture.Pass(1, 3, 7);
        rig.Pass(12);
        rig.Host(1, 2, 3);
        rig.Pass(28);
        SensorRig.Text(rig.Report(3)).ShouldBe("10.0.0.1:7");
        SensorRig.Text(rig.Report(3, 1)).ShouldBe("");
    }

    [Fact]
    public void Frames_to_all_do_not_tell_that_a_VM_was_here_in_the_window_before()
    {
        var rig = new SensorRig();
        rig.Pass(20);
        rig.Capture.PassToAll(1);
        rig.Pass(12);
        rig.Host(1, 2, 3);
        rig.Pass(28);
        SensorRig.Text(rig.Report(2)).ShouldBe("52:54:00:00:00:01:1");
        rig.Reports().ShouldNotContain(report => report.Vm == new VmId("vm3") && report.Window == SensorRig.First);
    }

    [Fact]
    public void A_VM_that_left_is_reported_for_the_window_it_left_in_and_not_after()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(1, 2, 4);
        rig.Pass(10);
        rig.Host(1);
        rig.Pass(50);
        SensorRig.Text(rig.Report(2)).ShouldBe("10.0.0.1:4");
        rig.Reports().Count(report => report.Vm == new VmId("vm2")).ShouldBe(1);
    }

    [Fact]
    public void Drops_travel_with_the_window_that_they_were_in()
    {
        var rig = new SensorRig();
        rig.Capture.Drop(3);
        rig.Pass(12);
        rig.Capture.Drop(4);
        rig.Pass(48);
        (rig.Report(1).Dropped, rig.Report(1).IsExact).ShouldBe((7, false));
        rig.Report(1, 1).IsExact.ShouldBeTrue();
    }

    [Fact]
    public void A_sensor_that_was_killed_goes_on_with_the_window_and_says_how_much_of_it_is_missing()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(2, 1, 10);
        rig.Pass(10);
        rig.Capture.Pass(2, 1, 100);
        rig.Time.Pass(TimeSpan.FromSeconds(4));
        rig.Start();
        rig.Capture.Pass(2, 1, 5);
        rig.Pass(16);
        var report = rig.Report(1);
        SensorRig.Text(report).ShouldBe("10.0.0.2:15");
        report.Covered.ShouldBe(TimeSpan.FromSeconds(26));
    }

    [Fact]
    public void A_sensor_that_was_stopped_in_order_loses_only_the_time_in_between()
    {
        var rig = new SensorRig();
        rig.Pass(10);
        rig.Capture.Pass(2, 1, 10);
        rig.Time.Pass(TimeSpan.FromSeconds(1));
        rig.Sensor.Stop();
        rig.Time.Pass(TimeSpan.FromSeconds(2));
        rig.Start();
        rig.Capture.Pass(2, 1, 5);
        rig.Pass(17);
        (SensorRig.Text(rig.Report(1)), rig.Report(1).Covered).ShouldBe(("10.0.0.2:15", TimeSpan.FromSeconds(28)));
    }

    [Fact]
    public void Windows_in_which_there_was_no_sensor_are_gaps_and_the_one_that_it_ended_in_is_partial()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(2, 1, 10);
        rig.Pass(20);
        var boots = rig.Sensor.Status.Boot;
        rig.Time.Pass(TimeSpan.FromSeconds(75));
        rig.Start();
        rig.Sensor.Status.Boot.ShouldNotBe(boots);
        rig.Pass(25);
        rig.Reports().Where(report => report.Vm == new VmId("vm1")).Select(report => (report.Window, report.Covered)).ShouldBe(
        [
            (SensorRig.First, TimeSpan.FromSeconds(20)),
            (SensorRig.First.Shift(3), TimeSpan.FromSeconds(25)),
        ]);
        rig.Entries().Select(entry => entry.Boot).ShouldBe([rig.Sensor.Status.Boot, rig.Sensor.Status.Boot]);
    }

    [Fact]
    public void A_clock_that_jumps_forward_leaves_the_time_that_did_not_happen_uncovered()
    {
        var rig = new SensorRig();
        rig.Pass(10);
        rig.Time.Set(TimeSpan.FromSeconds(25));
        rig.Pass(25);
        rig.Report(1).Covered.ShouldBe(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(1));
        rig.Report(1, 1).Covered.ShouldBe(TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(1));
        rig.Sensor.Status.Counts.ClockSteps.ShouldBe(1);
    }

    [Fact]
    public void A_clock_that_is_set_back_a_little_stretches_the_window_which_is_not_exact_then()
    {
        var rig = new SensorRig();
        rig.Pass(20);
        rig.Time.Set(TimeSpan.FromSeconds(-10));
        rig.Capture.Pass(2, 1, 1);
        rig.Pass(15);
        rig.Reports().ShouldBeEmpty();
        rig.Pass(35);
        (rig.Report(1).IsExact, rig.Report(1, 1).IsExact).ShouldBe((false, true));
        SensorRig.Text(rig.Report(1)).ShouldBe("10.0.0.2:1");
    }

    [Fact]
    public void A_clock_that_is_set_back_by_an_hour_begins_again_from_there()
    {
        var rig = new SensorRig();
        rig.Pass(20);
        rig.Time.Set(TimeSpan.FromHours(-1));
        rig.Pass(40);
        rig.Report(1).Covered.ShouldBe(TimeSpan.FromSeconds(20));
        rig.Report(1, -120).Covered.ShouldBe(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_bridge_that_cannot_be_watched_for_a_while_leaves_that_time_uncovered()
    {
        var rig = new SensorRig();
        rig.Pass(10);
        rig.Capture.Unwatchable.Add("br0");
        rig.Start(rig.Capture);
        rig.Pass(8);
        rig.Sensor.Status.Faults["br0"].ShouldBe("not there");
        rig.Capture.Unwatchable.Clear();
        rig.Pass(12);
        rig.Report(1).Covered.ShouldBe(TimeSpan.FromSeconds(21), TimeSpan.FromSeconds(1));
        rig.Pass(30);
        (rig.Sensor.Status.Faults.Count, rig.Report(1, 1).IsExact).ShouldBe((0, true));
    }

    [Fact]
    public void A_window_in_which_nothing_was_watched_is_not_reported()
    {
        var rig = new SensorRig();
        rig.Capture.Unwatchable.Add("br0");
        rig.Start(rig.Capture);
        rig.Pass(60);
        rig.Reports().ShouldBeEmpty();
    }

    [Fact]
    public void A_crash_between_spool_and_forgetting_the_open_window_reports_it_twice_but_the_whole_one_first()
    {
        var rig = new SensorRig();
        rig.Capture.Pass(2, 1, 10);
        rig.Pass(10);
        var kept = rig.Disk.Read("open-window.json")!;
        rig.Capture.Pass(2, 1, 5);
        rig.Pass(20);
        rig.Disk.Replace("open-window.json", kept);
        rig.Start();
        rig.Reports().Where(report => report.Vm == new VmId("vm1")).Select(SensorRig.Text).ShouldBe(["10.0.0.2:15", "10.0.0.2:10"]);
    }
}
