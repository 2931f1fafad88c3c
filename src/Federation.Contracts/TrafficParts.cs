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

/// <summary>Parts of one VM's windows, by window. Compared by reference.</summary>
/// <param name="Parts">The parts.</param>
[GenerateSerializer, Immutable, Alias("Federation.VmParts")]
public sealed record VmParts([property: Id(0)] PackedPart[] Parts);

/// <summary>Which VMs have windows that were stored. Compared by reference.</summary>
/// <param name="Windows">The windows' numbers, see <see cref="PackedPart.NumberOf"/>.</param>
/// <param name="Vms">For each window, the names of the VMs.</param>
[GenerateSerializer, Immutable, Alias("Federation.StoredWindows")]
public sealed record StoredWindows([property: Id(0)] int[] Windows, [property: Id(1)] string[][] Vms);

/// <summary>Who belongs to an application.</summary>
/// <param name="Application">Its present incarnation.</param>
/// <param name="Stamp">Another one after each change; <see cref="Guid.Empty"/>: there is no such application.</param>
/// <param name="Vms">Its VMs' names; null: as they were when <paramref name="Stamp"/> was given out.</param>
[GenerateSerializer, Immutable, Alias("Federation.Roster")]
public sealed record Roster([property: Id(0)] AppId Application, [property: Id(1)] Guid Stamp, [property: Id(2)] string[]? Vms);

/// <summary>What came of a traffic query. Not copied on its way within a process: a matrix of 1,000 VMs has 20,000 figures and more.</summary>
/// <param name="Outcome">What.</param>
[GenerateSerializer, Immutable, Alias("Federation.TrafficOutcome")]
public sealed record TrafficOutcome([property: Id(0)] QueryOutcome Outcome);

/// <summary>How far the reports of a window have come.</summary>
/// <param name="Reported">How many VMs have a report.</param>
/// <param name="Expected">How many VMs there are.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowProgress")]
public readonly record struct WindowProgress([property: Id(0)] int Reported, [property: Id(1)] int Expected)
{
    /// <summary>Whether every VM has reported.</summary>
    public bool IsComplete => Reported >= Expected;
}
