using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Sensor.Spool;

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
