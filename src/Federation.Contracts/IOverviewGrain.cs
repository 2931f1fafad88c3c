using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Audit;
using Federation.Domain.Events;
using Federation.Domain.Identity;
using Federation.Domain.Migration;

namespace Federation.Contracts;

/// <summary>Lists of all there is, as far as the caller sees it: what the HTTP API and every other face for people show. Keeps nothing.</summary>
[Alias("Federation.IOverviewGrain")]
public interface IOverviewGrain : IGrainWithIntegerKey
{
    /// <summary>Applications, by name. The administrator of a site sees those that have VMs there, and of them those VMs.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Applications")]
    Task<Page<ApplicationStatus, AppId>> Applications(ApplicationList list);

    /// <summary>Sites, by name. One that is offline is as it was last known.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Sites")]
    Task<ImmutableArray<SiteStatus>> Sites();

    /// <summary>One site; null if there is none of this name. One that is offline is as it was last known.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Site")]
    Task<SiteStatus?> Site(SiteId site);

    /// <summary>The hosts of the sites that the caller administrates, by site; an offline site, or one without hosts, is left out.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor)]
    [Alias("Hosts")]
    Task<ImmutableArray<HostsOfSite>> Hosts();

    /// <summary>
    /// Plans: of one application after the other, the newest first. The administrator of a site sees those that touch it, of the newest
    /// <see cref="PlanPage.MostPlans"/> of each application.
    /// </summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Plans")]
    Task<Page<StoredPlan, PlanId>> Plans(PlanList list);

    /// <summary>The migrations of a page of plans, plan after plan as <see cref="Plans"/> has them.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Migrations")]
    Task<Page<MigrationState, PlanId>> Migrations(PlanList list);

    /// <summary>Events after a sequence number, oldest first.</summary>
    /// <param name="after">The last number that the reader has seen; 0: from the start.</param>
    /// <param name="limit">How many are looked at, from 1 to <see cref="EventPage.MostEvents"/>.</param>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)]
    [Alias("Events")]
    Task<EventPage> Events(long after, int limit);

    /// <summary>Audit entries after a sequence number, oldest first.</summary>
    /// <param name="after">The last number that the reader has seen; 0: from the start.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    [OpenTo(Role.Auditor)]
    [Alias("Audit")]
    Task<ImmutableArray<AuditRecord>> Audit(long after, int limit);

    /// <summary>The applications that have VMs on the host of the sensor that calls; empty: the caller is no sensor.</summary>
    [OpenTo(Role.Sensor)]
    [Alias("Sensed")]
    Task<ImmutableArray<SensedApplication>> Sensed();
}

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">Where the next page begins: after this one; null: it is the last.</param>
/// <typeparam name="T">What is listed.</typeparam>
/// <typeparam name="TPlace">What a place in the list is told by.</typeparam>
[GenerateSerializer, Immutable, Alias("Federation.Page`2")]
public sealed record Page<T, TPlace>([property: Id(0)] ImmutableArray<T> Items, [property: Id(1)] TPlace? Next)
    where TPlace : struct;

/// <summary>The hosts of one site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Hosts">Its hosts, by name; at least one.</param>
[GenerateSerializer, Immutable, Alias("Federation.HostsOfSite")]
public sealed record HostsOfSite([property: Id(0)] SiteId Site, [property: Id(1)] ImmutableArray<HostStatus> Hosts);

/// <summary>Which applications are wanted.</summary>
/// <param name="Application">One only; null: all.</param>
/// <param name="After">Only those after this one; null: from the first.</param>
/// <param name="Limit">How many at most, from 1 to <see cref="Most"/>.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplicationList")]
public sealed record ApplicationList(
    [property: Id(0)] AppId? Application = null, [property: Id(1)] AppId? After = null, [property: Id(2)] int Limit = ApplicationList.Most)
{
    /// <summary>The most that are given at once.</summary>
    public const int Most = 100;
}

/// <summary>Which plans are wanted.</summary>
/// <param name="Application">Of one application only; null: of all.</param>
/// <param name="Before">Only those after this one in the list: older ones, and those of later applications; null: from the first.</param>
/// <param name="Limit">How many at most, from 1 to <see cref="PlanPage.MostPlans"/>.</param>
/// <param name="Waiting">Only plans that wait for approvals.</param>
[GenerateSerializer, Immutable, Alias("Federation.PlanList")]
public sealed record PlanList(
    [property: Id(0)] AppId? Application = null,
    [property: Id(1)] PlanId? Before = null,
    [property: Id(2)] int Limit = PlanPage.Usual,
    [property: Id(3)] bool Waiting = false);

/// <summary>Events that were looked at, and of them those that the caller sees.</summary>
/// <param name="Events">Those, oldest first.</param>
/// <param name="Looked">The number of the last one that was looked at: where to go on.</param>
/// <param name="IsLast">Whether there were no more.</param>
[GenerateSerializer, Immutable, Alias("Federation.EventPage")]
public sealed record EventPage([property: Id(0)] ImmutableArray<LoggedEvent> Events, [property: Id(1)] long Looked, [property: Id(2)] bool IsLast)
{
    /// <summary>The most that are looked at at once.</summary>
    public const int MostEvents = 1000;
}

/// <summary>What a sensor has to know of an application that has VMs on its host.</summary>
/// <param name="Application">Which.</param>
/// <param name="Vms">All its VMs, those on other hosts too.</param>
[GenerateSerializer, Immutable, Alias("Federation.SensedApplication")]
public sealed record SensedApplication([property: Id(0)] AppId Application, [property: Id(1)] ImmutableArray<SensedVm> Vms);

/// <summary>A VM as a sensor has to know it.</summary>
/// <param name="Vm">Which.</param>
/// <param name="Addresses">Its addresses.</param>
/// <param name="IsHere">Whether it is on the sensor's host.</param>
/// <param name="Tap">The host's end of its first interface, as the host's agent has told; null: it has told none.</param>
[GenerateSerializer, Immutable, Alias("Federation.SensedVm")]
public sealed record SensedVm([property: Id(0)] VmId Vm, [property: Id(1)] ImmutableArray<Address> Addresses, [property: Id(2)] bool IsHere, [property: Id(3)] string? Tap = null);
