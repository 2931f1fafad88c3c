using System.Collections.Immutable;

namespace Federation.Domain.Traffic;

/// <summary>What one sensor has of a VM's window. A VM that moved within it has a part from each host that it was on.</summary>
/// <remarks>(application, window, VM, sensor) is unique: another report of the same four changes nothing. The parts of a window add up.</remarks>
/// <param name="Sensor">The sensor's name, one per host.</param>
/// <param name="Report">What it counted.</param>
public sealed record SensorPart(string Sensor, WindowReport Report)
{
    /// <summary>The parts of one VM and window as one report.</summary>
    /// <remarks>
    /// Packets, bytes and drops are sums. Covered is the shortest: nobody knows whether a VM was on the host of a sensor in the time that
    /// the sensor did not watch, so a window with a partial part is partial. CoveredInAll is the sum. Merged is the largest. Their order does not matter.
    /// </remarks>
    /// <param name="parts">At least one, of different sensors.</param>
    /// <exception cref="ArgumentException">There is none, or they are of different VMs or windows.</exception>
    public static WindowReport Sum(IReadOnlyCollection<WindowReport> parts)
    {
        var first = parts.FirstOrDefault() ?? throw new ArgumentException("There is no part", nameof(parts));
        if (parts.Any(part => part.Vm != first.Vm || part.Window != first.Window))
        {
            throw new ArgumentException($"The parts are not all of {first.Vm} at {first.Window}", nameof(parts));
        }

        return parts.Count == 1 ? first : first with
        {
            Records = SumRecords(parts.SelectMany(part => part.Records)),
            Covered = parts.Min(part => part.Covered),
            CoveredInAll = parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.CoveredInAll),
            Dropped = parts.Sum(part => part.Dropped),
            Merged = parts.Max(part => part.Merged),
        };
    }

    /// <summary>The order of parts: by window, then by VM, then by sensor.</summary>
    public static int ByWindowThenVm(SensorPart a, SensorPart b)
    {
        var byWindow = a.Report.Window.CompareTo(b.Report.Window);
        var byVm = byWindow != 0 ? byWindow : a.Report.Vm.CompareTo(b.Report.Vm);
        return byVm != 0 ? byVm : string.CompareOrdinal(a.Sensor, b.Sensor);
    }

    /// <summary>Parts in the order of <see cref="ByWindowThenVm"/>, those of each window of each VM as one report.</summary>
    public static ImmutableArray<WindowReport> SumSorted(ImmutableArray<SensorPart> parts)
    {
        var reports = ImmutableArray.CreateBuilder<WindowReport>(parts.Length);
        for (int i = 0, end; i < parts.Length; i = end)
        {
            var (vm, window) = (parts[i].Report.Vm, parts[i].Report.Window);
            for (end = i + 1; end < parts.Length && parts[end].Report.Vm == vm && parts[end].Report.Window == window;)
            {
                end++;
            }

            reports.Add(end == i + 1 ? parts[i].Report : Sum([.. parts[i..end].Select(part => part.Report)]));
        }

        return reports.DrainToImmutable();
    }

    /// <summary>Records with the same peer and direction added up, in the order of a report.</summary>
    public static ImmutableArray<TrafficRecord> SumRecords(IEnumerable<TrafficRecord> records) =>
        [.. records
            .GroupBy(record => (record.Peer, record.Direction))
            .OrderBy(same => same.Key)
            .Select(same => new TrafficRecord(
                same.Key.Peer, same.Key.Direction, same.Sum(record => record.Packets), same.Sum(record => record.Bytes)))];
}
