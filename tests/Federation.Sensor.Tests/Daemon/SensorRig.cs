using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Sensor.Daemon;
using Federation.Sensor.Discovery;
using Federation.Sensor.Settings;
using Federation.Sensor.Spool;
using Federation.Sensor.Tests.Spool;
using Microsoft.Extensions.Logging.Abstractions;

namespace Federation.Sensor.Tests.Daemon;

/// <summary>A sensor on a bridge, with time and traffic in a test's hand.</summary>
internal sealed class SensorRig
{
    public static readonly Window First = Window.Containing(new(2026, 11, 23, 17, 51, 0, TimeSpan.Zero));

    public SensorRig(TimeSpan after = default)
    {
        Time = new SettableTime(First.Start + after);
        Host(1, 2);
        Start();
    }

    public SettableTime Time { get; }

    public ScriptedCapture Capture { get; private set; } = new();

    public HostVms Vms { get; } = new();

    public CrashingDisk Disk { get; private set; } = new();

    public WindowSpool Spool { get; private set; } = null!;

    public HostSensor Sensor { get; private set; } = null!;

    public static SensorSettings Settings { get; } = new()
    {
        Sensor = "host1",
        Servers = [new("http://localhost")],
        TokenFile = "",
        StateFolder = "",
        Capture = new() { Kind = CaptureKind.Bridge, Interfaces = ["br0"], BridgeUplink = "eth0" },
    };

    /// <summary>Tells which VMs are on this host.</summary>
    public void Host(params int[] vms) => Vms.Take("test", new(
        [.. vms.Select(vm => new LocalVm(VmRef.Parse($"cg/vm{vm}"), [Address.Parse($"52:54:00:00:00:{vm:x2}"), Address.Parse($"10.0.0.{vm}")]))], []));

    /// <summary>Starts the sensor, or starts it again after its process ended without a word.</summary>
    public void Start(ScriptedCapture? capture = null)
    {
        Capture = capture ?? new ScriptedCapture();
        Spool = new WindowSpool(Disk, new SpoolOptions());
        Sensor = new HostSensor(
            Settings, Capture, Vms, () => ["br0", "eth0"], Disk, Spool, Guid.NewGuid(), Time, NullLogger.Instance);
    }

    /// <summary>Starts it after its process ended in the midst of anything, where the kernel has counted on.</summary>
    /// <param name="disk">What the process left.</param>
    public void GoOn(CrashingDisk disk)
    {
        Disk = disk;
        Start(Capture.Inherit());
    }

    /// <summary>Lets time pass, a second at a time.</summary>
    public void Pass(double seconds)
    {
        var left = TimeSpan.FromSeconds(seconds);
        while (left > TimeSpan.Zero)
        {
            var step = left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1);
            Time.Pass(step);
            Sensor.Tick();
            left -= step;
        }
    }

    /// <summary>The reports that wait, in their order.</summary>
    public List<WindowReport> Reports() => [.. Entries().SelectMany(entry => entry.Reports()).Select(report => report.Report)];

    public ImmutableArray<SpoolEntry> Entries() => Spool.Take(AppId.Parse("cg"), int.MaxValue);

    /// <summary>A VM's report of a window, so many after the first.</summary>
    public WindowReport Report(int vm, int window = 0) =>
        Reports().First(report => report.Vm == new VmId($"vm{vm}") && report.Window == First.Shift(window));

    public static string Text(WindowReport report) => string.Join(' ', report.Records.Select(record => $"{record.Peer}:{record.Packets}"));
}
