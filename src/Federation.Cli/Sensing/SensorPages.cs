using Federation.Cli.Output;
using Federation.Sensor.Daemon;

namespace Federation.Cli.Sensing;

/// <summary>A sensor's status for people.</summary>
internal static class SensorPages
{
    /// <summary>All that it tells but pairs.</summary>
    public static Page Status(SensorStatus status) => new Page()
        .Line($"sensor {status.Sensor}, {status.Backend} backend, started {Cells.Instant(status.StartedAt)}, boot {status.Boot}")
        .Line($"  watching   {List(status.Watched)}")
        .Line($"  VMs        {List(status.Vms)}")
        .Line($"  window     {Cells.Instant(status.Window)}; closed since the start: {status.Counts.Windows}, with gaps: {status.Counts.Gaps}")
        .Line($"  counted    {status.Counts.Packets} frames, {Cells.Bytes(status.Counts.Bytes)}; dropped: {status.Counts.Dropped}")
        .Line($"  waiting    {status.Spool.Reports} reports, {Cells.Bytes(status.Spool.Bytes)} on disk; merged: {status.Spool.Merged}, lost: {status.Spool.Lost}")
        .Line($"  delivered  {status.Delivery.Delivered} reports, refused: {status.Delivery.Refused}; last answer: {Last(status)}")
        .Line($"  clock      {Clock(status)}; jumps: {status.Counts.ClockSteps}")
        .Bullets("Not watched", [.. status.Faults.Select(fault => $"{fault.Key}: {fault.Value}")])
        .Bullets("Not delivered", status.Delivery.Failure is { } failure ? [failure] : []);

    /// <summary>Who sends most to whom.</summary>
    public static Page Top(SensorStatus status) => new Page()
        .Line($"sensor {status.Sensor} at {Cells.Instant(status.At)}, {status.Vms.Length} VMs, {status.Counts.Packets} frames, dropped {status.Counts.Dropped}, "
            + $"waiting {status.Spool.Reports} reports{(status.Delivery.Failure is null ? "" : ", service away")}")
        .Gap()
        .Add(new Sheet("FROM", "TO", ">PACKETS/S", ">BYTES/S").Rows(status.Pairs, pair =>
            [pair.Source, pair.Destination, Cells.Number(pair.PacketsPerSecond, 1), Cells.Bytes(pair.BytesPerSecond)]));

    private static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);

    private static string Last(SensorStatus status) =>
        status.Delivery.LastAnswer is { } at ? Cells.Instant(at) : "none yet";

    private static string Clock(SensorStatus status) => status.Delivery.ClockOffset is { } offset
        ? $"the service's is {Cells.Number(Math.Abs(offset), 3)} s {(offset < 0 ? "behind" : "ahead")}"
        : "not compared yet";
}
