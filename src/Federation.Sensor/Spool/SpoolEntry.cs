using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

/// <summary>One application's VMs in one closed window, or in several windows in a row whose figures were added up.</summary>
/// <remarks>Holds lists: compared by reference.</remarks>
/// <param name="Id">Counts up within a spool; older entries have smaller ones.</param>
/// <param name="Application">Whose VMs.</param>
/// <param name="Sensor">The sensor's name.</param>
/// <param name="Boot">The start of the sensor that numbered them.</param>
/// <param name="First">The first of the windows.</param>
/// <param name="Sequences">For each of the windows the number of its first VM's report; the other VMs' numbers follow it.</param>
/// <param name="Vms">What each VM exchanged in all of the windows together, in the VMs' order.</param>
public sealed record SpoolEntry(
    long Id,
    AppId Application,
    string Sensor,
    Guid Boot,
    Window First,
    ImmutableArray<long> Sequences,
    ImmutableArray<SpooledVm> Vms)
{
    /// <summary>How many windows it is of; 1 until there was no room for more detail.</summary>
    public int Windows => Sequences.Length;

    /// <summary>How many reports it makes.</summary>
    public int ReportCount => Windows * Vms.Length;

    /// <summary>An entry of one window.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="application">Whose VMs.</param>
    /// <param name="reports">At least one, all of one sensor, boot and window, their numbers without a gap.</param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static SpoolEntry Of(long id, AppId application, IReadOnlyList<NumberedReport> reports)
    {
        var first = reports.Count > 0 ? reports[0] : throw new ArgumentException("There is no report", nameof(reports));
        for (var i = 0; i < reports.Count; i++)
        {
            var expected = first.Origin with { Sequence = first.Origin.Sequence + i };
            if (reports[i].Origin != expected || reports[i].Report.Window != first.Report.Window)
            {
                throw new ArgumentException($"{reports[i].Origin} of {reports[i].Report.Window} does not follow {first.Origin}", nameof(reports));
            }
        }

        return new(
            id, application, first.Origin.Sensor, first.Origin.Boot, first.Report.Window, [first.Origin.Sequence],
            [.. reports.Select(numbered => SpooledVm.Of(numbered.Report))]);
    }

    /// <summary>The reports, window by window. Those of several windows are equal shares, which add up to what was counted.</summary>
    public IEnumerable<NumberedReport> Reports()
    {
        for (var window = 0; window < Windows; window++)
        {
            for (var vm = 0; vm < Vms.Length; vm++)
            {
                yield return new(
                    new(Sensor, Boot, Sequences[window] + vm), Vms[vm].Share(First.Shift(window), window, Windows));
            }
        }
    }

    /// <summary>This entry and the one after it as one, its figures their sums; null if they do not fit together.</summary>
    /// <remarks>They fit if they are as many windows of the same VMs, the one right after the other: a gap stays a gap.</remarks>
    public SpoolEntry? MergedWith(SpoolEntry next)
    {
        var fits = (Application, Sensor, Boot, Windows, First.Shift(Windows)) == (next.Application, next.Sensor, next.Boot, next.Windows, next.First)
            && Vms.Select(vm => vm.Vm).SequenceEqual(next.Vms.Select(vm => vm.Vm));
        return fits
            ? this with { Sequences = [.. Sequences, .. next.Sequences], Vms = [.. Vms.Zip(next.Vms, (a, b) => a.Plus(b))] }
            : null;
    }
}

/// <summary>What one VM exchanged in the windows of a <see cref="SpoolEntry"/> together. Compared by reference.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Covered">How much of the windows was watched, together.</param>
/// <param name="Dropped">Frames that could not be counted.</param>
/// <param name="Records">One for each peer and direction, in order.</param>
public sealed record SpooledVm(VmId Vm, TimeSpan Covered, long Dropped, ImmutableArray<TrafficRecord> Records)
{
    /// <summary>What a report says.</summary>
    public static SpooledVm Of(WindowReport report) => new(report.Vm, report.Covered, report.Dropped, report.Records);

    /// <summary>Both together.</summary>
    public SpooledVm Plus(SpooledVm other) => new(
        Vm, Covered + other.Covered, Dropped + other.Dropped, SensorPart.SumRecords([.. Records, .. other.Records]));

    /// <summary>An equal share, whole numbers; all shares add up to the figures.</summary>
    /// <param name="window">The window that the share is for.</param>
    /// <param name="index">Which share, from 0.</param>
    /// <param name="shares">How many there are.</param>
    public WindowReport Share(Window window, int index, int shares) => new(
        Vm,
        window,
        shares == 1 ? Records : [.. ShareOfRecords(index, shares)],
        TimeSpan.FromTicks(Share(Covered.Ticks, index, shares)),
        Share(Dropped, index, shares),
        shares);

    private IEnumerable<TrafficRecord> ShareOfRecords(int index, int shares)
    {
        foreach (var record in Records)
        {
            // A record has at least one packet: what had fewer packets than windows goes to as many windows as it had packets.
            var sharers = (int)Math.Min(shares, record.Packets);
            if (index < sharers)
            {
                yield return record with { Packets = Share(record.Packets, index, sharers), Bytes = Share(record.Bytes, index, sharers) };
            }
        }
    }

    private static long Share(long total, int index, int shares) => (total / shares) + (index < total % shares ? 1 : 0);
}
