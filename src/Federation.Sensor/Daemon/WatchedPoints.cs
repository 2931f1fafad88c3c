using System.Collections.Immutable;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;

namespace Federation.Sensor.Daemon;

/// <summary>Which interfaces are to be watched, given those that the host has.</summary>
internal static class WatchedPoints
{
    /// <summary>The points, in order; a bridge and an uplink also while they are missing, so that this is told.</summary>
    public static ImmutableArray<CapturePoint> Of(CaptureSettings capture, IEnumerable<string> interfaces, IEnumerable<LocalVm> vms) =>
        capture.Kind switch
        {
            CaptureKind.Taps => [.. interfaces.Where(name => IsTap(capture, name) || vms.Any(vm => vm.Tap == name))
                .Order(StringComparer.Ordinal).Select(name => new CapturePoint(name, CaptureSide.Tap))],
            CaptureKind.Bridge when capture.BridgeUplink is { } uplink =>
                [new(capture.Interfaces[0], CaptureSide.Bridge), new(uplink, CaptureSide.Tap)],
            _ => [new(capture.Interfaces[0], CaptureSide.Bridge)],
        };

    private static bool IsTap(CaptureSettings capture, string name) => capture.Interfaces.Any(pattern => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern);
}
