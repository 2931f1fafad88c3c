using System.Globalization;
using System.Runtime.InteropServices;
using Federation.Sensor.Daemon;
using Federation.Sensor.Live;

// SensorCost BACKEND tap|bridge INTERFACE... : watches, cuts every 30 s as the sensor does, and at SIGTERM prints what it counted and what
// it cost. "ready" is printed once everything is watched.
if (args.Length < 3)
{
    Console.Error.WriteLine("usage: SensorCost BACKEND tap|bridge INTERFACE...");
    return 2;
}

var choice = CaptureChoice.Create(args[0], new LiveCaptureOptions());
foreach (var refusal in choice.Refused)
{
    Console.Error.WriteLine($"{refusal.Backend}: {refusal.Reason}");
}

if (choice.Capture is not { } capture)
{
    return 1;
}

var side = args[1] == "bridge" ? CaptureSide.Bridge : CaptureSide.Tap;
foreach (var fault in capture.Watch([.. args[2..].Select(name => new CapturePoint(name, side))]))
{
    Console.Error.WriteLine($"{fault.Point.Interface}: {fault.Reason}");
    return 1;
}

using var end = new ManualResetEventSlim();
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    end.Set();
});
Console.WriteLine("ready");

long packets = 0, bytes = 0, dropped = 0;
var isLast = false;
while (!isLast)
{
    isLast = end.Wait(TimeSpan.FromSeconds(30));
    var cut = capture.Cut();
    packets += cut.Tallies.Sum(tally => tally.Packets);
    bytes += cut.Tallies.Sum(tally => tally.Bytes);
    dropped += cut.Dropped;
}

// Before Dispose, which is no part of the cost of a sensor.
var cpu = Environment.CpuUsage;
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"packets={packets} bytes={bytes} dropped={dropped} user={cpu.UserTime.TotalSeconds:F3} system={cpu.PrivilegedTime.TotalSeconds:F3} allocated={GC.GetTotalAllocatedBytes()}"));
capture.Dispose();
return 0;
