using Federation.Sensor.Daemon;
using Federation.Sensor.Live;
using Shouldly;
using Xunit;

namespace Federation.Sensor.Tests.Live.Lab;

/// <summary>The backends under test.</summary>
public static class Backends
{
    public static IEnumerable<string> All => CaptureBackends.Names.Where(name => name != CaptureBackends.Auto);

    public static TheoryData<string> Each => [.. All];

    /// <summary>A capture of that backend, of that capacity.</summary>
    public static ILiveCapture Create(string name, int capacity = 4096, bool inner = false) =>
        CaptureChoice.Create(name, new LiveCaptureOptions { Capacity = capacity, Inner = inner }) is { Capture: { } capture } ? capture
        : throw new InvalidOperationException($"{name} is refused");

    /// <summary>Watches points, all of which have to be there.</summary>
    public static void Begin(this ILiveCapture capture, params CapturePoint[] points) => capture.Watch(points).ShouldBeEmpty();
}
