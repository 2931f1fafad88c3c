using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Sensor.Live;

namespace Federation.Sensor.Tests.Daemon;

/// <summary>A capture that counts what a test says has passed.</summary>
/// <param name="time">Tells when a cut is made, where another process can go on with it; null: none can.</param>
internal sealed class ScriptedCapture(TimeProvider? time = null) : ILiveCapture
{
    private readonly List<FrameTally> since = [];
    private long dropped;
    private CaptureCut last = new([], 0);
    private DateTimeOffset lastBegun;
    private DateTimeOffset begun = time?.GetUtcNow() ?? default;

    public string Backend => "scripted";

    public CaptureInheritance? Inherited { get; private init; }

    public HashSet<string> Unwatchable { get; } = [];

    public List<CapturePoint> Points { get; } = [];

    /// <summary>Packets of 100 bytes that go to a VM of 10.0.0.x on the bridge.</summary>
    public void Pass(int from, int to, long packets = 1) => since.Add(new(
        "br0", false, Address.Parse($"52:54:00:00:00:{from:x2}"), Address.Parse($"52:54:00:00:00:{to:x2}"),
        Address.Parse($"10.0.0.{from}"), Address.Parse($"10.0.0.{to}"), packets, packets * 100));

    /// <summary>A frame to all, as an ARP request.</summary>
    public void PassToAll(int from) => since.Add(new(
        "br0", false, Address.Parse($"52:54:00:00:00:{from:x2}"), Address.Parse("ff:ff:ff:ff:ff:ff"), default, default, 1, 60));

    public void Drop(long frames) => dropped += frames;

    public ImmutableArray<CapturePointFault> Watch(IReadOnlyCollection<CapturePoint> points)
    {
        Points.Clear();
        Points.AddRange(points);
        return [.. points.Where(point => Unwatchable.Contains(point.Interface)).Select(point => new CapturePointFault(point, "not there"))];
    }

    public CaptureCut Cut()
    {
        last = new CaptureCut([.. since], dropped) { Number = time is null ? 0 : last.Number + 1 };
        (lastBegun, begun) = (begun, time?.GetUtcNow() ?? default);
        since.Clear();
        dropped = 0;
        return last;
    }

    /// <summary>The capture of the next process, where the kernel has counted on.</summary>
    public ScriptedCapture Inherit()
    {
        var next = new ScriptedCapture(time)
        {
            Inherited = last.Number == 0 ? null : new CaptureInheritance(last, lastBegun, begun),
            last = last, lastBegun = lastBegun, begun = begun, dropped = dropped,
        };
        next.since.AddRange(since);
        return next;
    }

    public void Dispose()
    {
    }
}
