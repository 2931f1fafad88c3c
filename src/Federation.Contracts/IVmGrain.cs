using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;

namespace Federation.Contracts;

/// <summary>One VM: where it runs, and what was done to it.</summary>
[Alias("Federation.IVmGrain")]
public interface IVmGrain : IGrainWithStringKey
{
    /// <summary>Where it runs, and how new that is.</summary>
    [Alias("Status")]
    Task<VmStatus> Status();

    /// <summary>
    /// A new epoch, stored, for something that is about to be done to the VM; the same reason gets the same epoch again.
    /// </summary>
    [Alias("NextEpoch")]
    Task<long> NextEpoch(string reason);

    /// <summary>
    /// Notes that the VM is at a place and may run there and nowhere else, with a new epoch; both are stored before this returns, and only then
    /// a copy there may be told to run. The same reason gets the same epoch again.
    /// </summary>
    /// <param name="at">The place.</param>
    /// <param name="reason">What for.</param>
    /// <param name="started">As what it starts there; null: it is what it was before.</param>
    [Alias("Own")]
    Task<long> Own(VmPlace at, string reason, GuestSpec? started = null);

    /// <summary>As what it was started, its user data with the names of secrets; null: it runs nowhere, or nobody has said.</summary>
    /// <remarks>Its description may have changed meanwhile: that counts from its next start on, and a move takes along what runs.</remarks>
    [Alias("StartedAs")]
    Task<GuestSpec?> StartedAs();

    /// <summary>Notes where the VM runs now, null for nowhere; an epoch older than the newest known changes nothing.</summary>
    [Alias("SetLocation")]
    Task SetLocation(Location? at, long epoch);

    /// <summary>Takes over what hypervisors say: where it runs, null for nowhere, and that epochs up to this one have been given out.</summary>
    [Alias("Found")]
    Task Found(Location? at, long epoch);

    /// <summary>Notes on which host of its site it runs now; null: not known. False if it runs nowhere, or its site has hosts with agents and knows it on another one.</summary>
    /// <exception cref="AccessDeniedException">The caller does not administrate the site where it runs.</exception>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("RunsOnHost")]
    Task<bool> RunsOnHost(string? host);

    /// <summary>The host that it is on; null: none.</summary>
    [Alias("Place")]
    Task<HostPlace?> Place();

    /// <summary>Where it was, oldest first, as far as that is remembered.</summary>
    [Alias("Stays")]
    Task<ImmutableArray<VmStay>> Stays();
}

/// <summary>A VM as it stands.</summary>
/// <param name="At">Where it runs; null: nowhere.</param>
/// <param name="Epoch">Counts what was done to it.</param>
/// <param name="Host">The host of its site that it runs on; null: not told.</param>
/// <param name="LostSince">Since when its site cannot be asked, so that it is not known whether it runs; null: it can, or nobody has looked.</param>
[GenerateSerializer, Immutable, Alias("Federation.VmStatus")]
public sealed record VmStatus(
    [property: Id(0)] Location? At, [property: Id(1)] long Epoch, [property: Id(3)] string? Host = null,
    [property: Id(4)] DateTimeOffset? LostSince = null);
