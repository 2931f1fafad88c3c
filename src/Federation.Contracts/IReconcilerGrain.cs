using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Reconciling;

namespace Federation.Contracts;

/// <summary>Compares what ledgers, hypervisors, applications and VM grains say, on a schedule and on demand, and repairs what is provably orphaned.</summary>
[Alias("Federation.IReconcilerGrain")]
public interface IReconcilerGrain : IGrainWithIntegerKey
{
    /// <summary>Looks on a schedule from now on; told again, nothing changes.</summary>
    [Alias("Start")]
    Task Start();

    /// <summary>Looks now.</summary>
    /// <param name="repair">Whether to repair what has been found for long enough.</param>
    [OpenTo(Changes = true)]
    [Alias("Look")]
    Task<ReconcilerReport> Look(bool repair);
}

/// <summary>What a look found.</summary>
/// <param name="At">When.</param>
/// <param name="Findings">What does not fit; empty: all is well.</param>
/// <param name="Settle">How long a finding has to last before it is repaired.</param>
[GenerateSerializer, Immutable, Alias("Federation.ReconcilerReport")]
public sealed record ReconcilerReport(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] ImmutableArray<ReportedFinding> Findings, [property: Id(2)] TimeSpan Settle);

/// <summary>A finding, and what becomes of it.</summary>
/// <param name="Finding">The finding.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Fate">What becomes of it.</param>
[GenerateSerializer, Immutable, Alias("Federation.ReportedFinding")]
public sealed record ReportedFinding(
    [property: Id(0)] Finding Finding, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] FindingFate Fate);

/// <summary>What becomes of a finding.</summary>
public enum FindingFate
{
    /// <summary>It has been repaired.</summary>
    Repaired,

    /// <summary>It can be repaired now, and was only looked at.</summary>
    Repairable,

    /// <summary>It may be on its way: it is repaired if a later look finds it still.</summary>
    Waits,

    /// <summary>A person has to decide.</summary>
    NeedsPerson,
}
