using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Contracts;

/// <summary>What one sensor has of one VM's window, as it is kept in memory and sent between grains: 300 bytes for 20 peers, not 2,000.</summary>
/// <remarks>Compared by reference. The bytes are never changed.</remarks>
/// <param name="Sensor">The sensor's name.</param>
/// <param name="WindowNumber">The window, counted from 1970.</param>
/// <param name="CoveredTicks">How much of it was watched, in 100 ns.</param>
/// <param name="Dropped">Frames that could not be counted.</param>
/// <param name="Merged">Windows that the figures are an equal share of.</param>
/// <param name="Records">See <see cref="PackedRecords"/>.</param>
[GenerateSerializer, Immutable, Alias("Federation.PackedPart")]
public sealed record PackedPart(
    [property: Id(0)] string Sensor,
    [property: Id(1)] int WindowNumber,
    [property: Id(2)] long CoveredTicks,
    [property: Id(3)] long Dropped,
    [property: Id(4)] int Merged,
    [property: Id(5)] byte[] Records)
{
    private static readonly Window First = Window.Containing(DateTimeOffset.UnixEpoch);

    /// <summary>The window.</summary>
    public Window Window => WindowOf(WindowNumber);

    /// <summary>The window of a number.</summary>
    public static Window WindowOf(int number) => First.Shift(number);

    /// <summary>The number of a window.</summary>
    public static int NumberOf(Window window) => window.WindowsSince(First);

    /// <summary>Packs a part.</summary>
    public static PackedPart Of(SensorPart part)
    {
        var report = part.Report;
        return new(
            part.Sensor, NumberOf(report.Window), report.Covered.Ticks, report.Dropped, report.Merged, PackedRecords.Pack(report.Records));
    }

    /// <summary>What the sensor reported.</summary>
    public WindowReport Unpack(VmId vm) =>
        new(vm, Window, PackedRecords.Unpack(Records), TimeSpan.FromTicks(CoveredTicks), Dropped, Merged);
}
