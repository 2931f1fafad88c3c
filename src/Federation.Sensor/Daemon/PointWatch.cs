using System.Collections.Immutable;
using Federation.Sensor.Live;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Has the capture watch what is there, and tries again what failed. Not safe for use by several threads.</summary>
internal sealed class PointWatch(ILiveCapture capture, ILogger log)
{
    private ImmutableArray<CapturePoint> wanted = [];
    private bool isSettled;

    /// <summary>What is watched.</summary>
    public ImmutableArray<CapturePoint> Watched => [.. wanted.Where(point => !Faults.ContainsKey(point.Interface))];

    /// <summary>What should be and is not, each with the reason.</summary>
    public ImmutableSortedDictionary<string, string> Faults { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Watches these from now on.</summary>
    public void Update(ImmutableArray<CapturePoint> points)
    {
        if (isSettled && Faults.IsEmpty && points.SequenceEqual(wanted))
        {
            return;
        }

        var isNew = !isSettled || !points.SequenceEqual(wanted);
        (wanted, isSettled) = (points, true);
        Note(capture.Watch(points));
        if (isNew)
        {
            log.Watching(string.Join(", ", Watched.Select(point => point.Interface)));
        }
    }

    /// <summary>Notes that interfaces have gone.</summary>
    public void Lost(ImmutableArray<CapturePointFault> lost)
    {
        foreach (var (point, reason) in lost.Where(fault => wanted.Contains(fault.Point)))
        {
            Faults = Faults.SetItem(point.Interface, reason);
        }
    }

    private void Note(ImmutableArray<CapturePointFault> faults)
    {
        foreach (var (point, reason) in faults.Where(fault => !Faults.TryGetValue(fault.Point.Interface, out var old) || old != fault.Reason))
        {
            log.PointFailed(point.Interface, reason);
        }

        Faults = faults.ToImmutableSortedDictionary(fault => fault.Point.Interface, fault => fault.Reason);
    }
}
