using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Detection;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>An application's communication groups: detected at each window's close, with a history.</summary>
[Alias("Federation.IGroupGrain")]
public interface IGroupGrain : IGrainWithStringKey
{
    /// <summary>Told when reports of windows have come, not of each one, but of the first and of the last: notes them. Groups are found afterwards in every window that is ready, oldest first.</summary>
    [Alias("WindowsCame"), AlwaysInterleave]
    Task WindowsCame(ImmutableArray<Window> windows);

    /// <summary>Picks up what came before a restart.</summary>
    [Alias("CatchUp")]
    Task CatchUp();

    /// <summary>The groups that count now, and all that has happened to them. Windows that were ready are in it, unless more of them wait than a turn takes.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Get")]
    Task<GroupsStatus> Get();

    /// <summary>What detection says of each of the newest windows, oldest first; windows without any report are left out.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Detections")]
    Task<ImmutableArray<WindowGroups>> Detections(int windows, GroupingOptions options);

    /// <summary>A VM has left the application: no group has it any more, and one that is left with a single VM is none.</summary>
    [Alias("Forget")]
    Task Forget(VmId vm);

    /// <summary>Forgets everything.</summary>
    [Alias("Delete")]
    Task Delete();
}

/// <summary>An application's groups as they stand.</summary>
/// <param name="Groups">The groups that count now.</param>
/// <param name="History">What happened, oldest first.</param>
/// <param name="Detection">How groups are found, and why so; null: no window has come yet.</param>
[GenerateSerializer, Immutable, Alias("Federation.GroupsStatus")]
public sealed record GroupsStatus(
    [property: Id(0)] ImmutableArray<TrackedGroup> Groups,
    [property: Id(1)] ImmutableArray<GroupEvent> History,
    [property: Id(2)] DetectionChoice? Detection = null);

/// <summary>The groups detected in one window.</summary>
/// <param name="Window">The window.</param>
/// <param name="Partition">The groups.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowGroups")]
public sealed record WindowGroups([property: Id(0)] Window Window, [property: Id(1)] GroupPartition Partition);
