using System.Collections.Immutable;
using Federation.Domain.Identity;

namespace Federation.Domain.Traffic;

/// <summary>A window's report on its way into the traffic store.</summary>
/// <param name="Application">The application that the report's VM belongs to.</param>
/// <param name="Origin">Which sensor sent it; every report has its own number, several VMs' reports of a window too.</param>
/// <param name="Report">What the sensor counted.</param>
public sealed record SubmittedReport(AppId Application, ReportOrigin Origin, WindowReport Report);

/// <summary>What became of a <see cref="SubmittedReport"/>.</summary>
public enum AppendOutcome : byte
{
    /// <summary>It was new and is durable now.</summary>
    Stored,

    /// <summary>Its sensor's report of its VM's window, or its origin, was stored before; nothing changed.</summary>
    Duplicate,
}

/// <summary>Every final window of every application: append only, one report per VM, window and sensor.</summary>
/// <remarks>Safe for use by several threads. A VM that moved within a window has a part from each host's sensor: <see cref="SensorPart"/>.</remarks>
public interface ITrafficStore
{
    /// <summary>Stores reports, all or none; once it returns they are durable.</summary>
    /// <returns>One outcome per report, in their order. Of two equal reports in a batch the first is the stored one.</returns>
    /// <exception cref="ArgumentException">A report breaks the bounds that its type states; nothing was stored.</exception>
    Task<ImmutableArray<AppendOutcome>> Append(IReadOnlyList<SubmittedReport> reports, CancellationToken cancel);

    /// <summary>
    /// The reports of all VMs of an application, by window, then by VM, the parts of a window added up; a silent VM has none.
    /// </summary>
    /// <param name="application">The application; one that is unknown has no reports.</param>
    /// <param name="first">The first window, included.</param>
    /// <param name="last">The last window, included; before <paramref name="first"/>: there are none.</param>
    /// <param name="cancel">Stops reading.</param>
    Task<ImmutableArray<WindowReport>> Read(AppId application, Window first, Window last, CancellationToken cancel);

    /// <summary>What each sensor has of all VMs' windows of an application, by window, then by VM, then by sensor.</summary>
    /// <inheritdoc cref="Read(AppId, Window, Window, CancellationToken)" path="/param"/>
    Task<ImmutableArray<SensorPart>> ReadParts(AppId application, Window first, Window last, CancellationToken cancel);

    /// <summary>What each sensor has of one VM's windows, by window, then by sensor.</summary>
    /// <inheritdoc cref="Read(AppId, Window, Window, CancellationToken)" path="/param"/>
    Task<ImmutableArray<SensorPart>> ReadParts(AppId application, VmId vm, Window first, Window last, CancellationToken cancel);

    /// <summary>The newest window that any VM of an application has a report for; null if there is none.</summary>
    /// <param name="application">The application; one that is unknown has none.</param>
    /// <param name="notAfter">The newest that counts, as that of the clock: what is ahead of it is as if it were not there. Null: all count.</param>
    /// <param name="cancel">Stops reading.</param>
    Task<Window?> LatestWindow(AppId application, Window? notAfter, CancellationToken cancel);

    /// <summary>The windows of a range that any VM of an application has a report for, oldest first.</summary>
    /// <inheritdoc cref="Read(AppId, Window, Window, CancellationToken)" path="/param"/>
    Task<ImmutableArray<Window>> ReportedWindows(AppId application, Window first, Window last, CancellationToken cancel);

    /// <summary>Deletes an application's reports of all windows before one, and returns how many there were.</summary>
    /// <remarks>Works in small steps, so that appends get their turn; stopped half-way, the newer ones are still there.</remarks>
    Task<int> DeleteBefore(AppId application, Window oldestKept, CancellationToken cancel);
}
