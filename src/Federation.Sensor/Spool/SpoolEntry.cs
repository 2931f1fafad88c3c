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
