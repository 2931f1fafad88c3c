using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Federation.Sensor.Discovery;
using Federation.Sensor.Live;
using Federation.Sensor.Settings;
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

/// <summary>The network interfaces of this host (of its network namespace).</summary>
internal static partial class HostInterfaces
{
    /// <summary>Their names; cheap enough to ask some times a second.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static IReadOnlyCollection<string> Names()
    {
        var list = NameIndex();
        if (list == 0)
        {
            throw new IOException("the system does not tell its network interfaces");
        }

        var names = new List<string>();
        // An array of (number, name), the last of them (0, null).
        for (var at = list; Marshal.ReadInt32(at) != 0; at += 2 * nint.Size)
        {
            names.Add(Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(at, nint.Size))!);
        }

        Free(list);
        return names;
    }

    [LibraryImport("libc", EntryPoint = "if_nameindex", SetLastError = true)]
    private static partial nint NameIndex();

    [LibraryImport("libc", EntryPoint = "if_freenameindex")]
    private static partial void Free(nint list);
}
