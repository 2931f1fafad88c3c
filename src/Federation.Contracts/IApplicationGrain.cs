using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;

namespace Federation.Contracts;

/// <summary>One application: its VMs and its objective.</summary>
[Alias("Federation.IApplicationGrain")]
public interface IApplicationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes or replaces the application's description, if the condition holds of the one in force. A VM that is said to run somewhere takes
    /// its place there. All of it is in force, or none.
    /// </summary>
    /// <param name="application">The description.</param>
    /// <param name="condition">What has to hold; null: nothing.</param>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Apply")]
    Task<ApplicationChange> Apply(Application application, ChangeCondition? condition = null);

    /// <summary>
    /// What <see cref="Apply"/> would do now, without doing it: whether it is in force already, or what stands against it. Others may change that.
    /// </summary>
    /// <param name="application">The description.</param>
    /// <param name="condition">What has to hold; null: nothing.</param>
    /// <returns>The version is the one in force; where there is none yet, it would be created.</returns>
    [OpenTo(Role.Tenant)]
    [Alias("Preview")]
    Task<ApplicationChange> Preview(Application application, ChangeCondition? condition = null);

    /// <summary>The application with where its VMs run; null if there is none of this name.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Get")]
    Task<ApplicationStatus?> Get();

    /// <summary>Its present incarnation; null if there is none of this tenant and name.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Identity")]
    Task<AppId?> Identity();

    /// <summary>Its description as it was applied; null if there is none of this name. Asks no VM.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Description")]
    Task<Application?> Description();

    /// <summary>Stops its VMs, gives their places back and forgets it; its traffic stays in the store for its retention.</summary>
    /// <param name="condition">What has to hold of the description in force; null: nothing.</param>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Delete")]
    Task<ApplicationChange> Delete(ChangeCondition? condition = null);

    /// <summary>
    /// Takes a VM out: the description without it is in force, then the VM stops and its place is given back. Rules that name it go on for those
    /// that are left.
    /// </summary>
    /// <param name="vm">The VM.</param>
    /// <param name="condition">What has to hold of the description in force; null: nothing.</param>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("RemoveVm")]
    Task<ApplicationChange> RemoveVm(VmId vm, ChangeCondition? condition = null);

    /// <summary>
    /// Claims the application for a plan: until <see cref="EndPlan"/> it is neither changed nor deleted, and no other plan begins. Asked again
    /// for the same plan, it is a yes again. Never waits for a deletion or for another plan.
    /// </summary>
    [Alias("BeginPlan")]
    Task<Verdict> BeginPlan(PlanId plan);

    /// <summary>Ends the claim of a plan; without a claim nothing happens.</summary>
    [Alias("EndPlan")]
    Task EndPlan(PlanId plan);

    /// <summary>What a reconciler has to know of it; says nothing of the directory, nor whether a plan that has claimed it is under way.</summary>
    [Alias("Look")]
    Task<ApplicationLook> Look();

    /// <summary>Repairs findings about it or its VMs, of any life of the name, as far as they still hold; false: something else is under way.</summary>
    [Alias("Repair")]
    Task<bool> Repair(ImmutableArray<Finding> findings);

    /// <summary>Goes on with a change or a deletion that a restart interrupted; nothing to go on with, nothing happens.</summary>
    [Alias("Resume")]
    Task Resume();

    /// <summary>Notes that all VMs run now where a plan has put them, and how much run time is left there.</summary>
    [Alias("RunsOn")]
    Task RunsOn(TimeSpan left);

    /// <summary>Who belongs to it, unless that is known already.</summary>
    /// <param name="known">The stamp of the last answer; <see cref="Guid.Empty"/>: there was none.</param>
    [Alias("Roster")]
    Task<Roster> Roster(Guid known);

    /// <summary>Told by its network that VMs were given other addresses, of its own or public ones, than before.</summary>
    [Alias("Readdressed")]
    Task Readdressed();
}

/// <summary>An application as it stands.</summary>
/// <param name="Application">Its description, each VM with where it runs now.</param>
/// <param name="Revision">Counts the descriptions of this incarnation from 1.</param>
/// <param name="Vms">Each VM as it stands, in the application's order.</param>
/// <param name="Progress">How much of its run is left.</param>
/// <param name="LastWindows">The newest window that each VM's sensor reported, in the application's order; null: none yet.</param>
/// <param name="IsPart">Whether only the VMs are there that are at the reader's own sites, and of the description only what concerns them.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplicationStatus")]
public sealed record ApplicationStatus(
    [property: Id(0)] Application Application,
    [property: Id(1)] long Revision,
    [property: Id(2)] ImmutableArray<VmStatus> Vms,
    [property: Id(3)] RunProgress Progress,
    [property: Id(4)] ImmutableArray<Window?> LastWindows,
    [property: Id(5)] bool IsPart = false)
{
    /// <summary>The addresses that its network gave to VMs which name none; null: to none.</summary>
    [Id(6)]
    public ImmutableSortedDictionary<VmId, ImmutableArray<Address>>? Given { get; init; }

    /// <summary>The public address of each VM that wishes for one, or why it has none; null: nothing is known of that.</summary>
    [Id(7)]
    public ImmutableSortedDictionary<VmId, PublicAnswer>? Publics { get; init; }

    /// <summary>Which description is in force.</summary>
    public ApplicationVersion Version => new(Application.Id.Incarnation, Revision);

    /// <summary>The newest window that any VM's sensor reported; null: none yet.</summary>
    public Window? LastWindow => LastWindows.Max();
}

/// <summary>What came of a change or a deletion.</summary>
/// <param name="Version">The description that is in force now; null: none.</param>
/// <param name="Created">Whether it is the first of its incarnation, and was not there before.</param>
/// <param name="Changed">Whether anything is different from before.</param>
/// <param name="Refused">Why nothing was changed; empty if nothing stood against it.</param>
/// <param name="IsPending">Whether it is still under way, because a site or a hypervisor does not answer: it goes on by itself, to one end or the other.</param>
/// <param name="Rules">The rules of affinity that were changed with it, for people; default: none.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplicationChange")]
public sealed record ApplicationChange(
    [property: Id(0)] ApplicationVersion? Version,
    [property: Id(1)] bool Created,
    [property: Id(2)] bool Changed,
    [property: Id(3)] ImmutableArray<Refusal> Refused,
    [property: Id(4)] bool IsPending = false,
    [property: Id(5)] ImmutableArray<string> Rules = default) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused.IsDefaultOrEmpty ? null : string.Join("; ", Refused.Select(RefusalText.Of));
}

/// <summary>Who belongs to an application.</summary>
/// <param name="Application">Its present incarnation.</param>
/// <param name="Stamp">Another one after each change; <see cref="Guid.Empty"/>: there is no such application.</param>
/// <param name="Description">Its description; null: as it was when <paramref name="Stamp"/> was given out.</param>
/// <param name="Given">The addresses that its network gave to VMs which name none; null: to none, or as when the stamp was given out.</param>
[GenerateSerializer, Immutable, Alias("Federation.Roster")]
public sealed record Roster(
    [property: Id(0)] AppId Application, [property: Id(1)] Guid Stamp, [property: Id(2)] Application? Description,
    [property: Id(3)] ImmutableSortedDictionary<VmId, ImmutableArray<Address>>? Given = null);
