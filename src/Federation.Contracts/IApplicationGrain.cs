using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Contracts;

/// <summary>One application: its VMs and its objective. It collects their traffic.</summary>
[Alias("Federation.IApplicationGrain")]
public interface IApplicationGrain : IGrainWithStringKey
{
    /// <summary>Makes or replaces the application's description. A VM that is said to run somewhere takes its place there.</summary>
    [OpenTo(Role.Tenant)]
    [Alias("Apply")]
    Task<ApplicationChange> Apply(Application application);

    /// <summary>The application with where its VMs run; null if there is none of this name.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Get")]
    Task<ApplicationStatus?> Get();

    /// <summary>Its present incarnation; null if there is none of this tenant and name.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor, Role.Sensor)]
    [Alias("Identity")]
    Task<AppId?> Identity();

    /// <summary>Its description as it was applied; null if there is none of this name. Asks no VM.</summary>
    [OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor, Role.Sensor)]
    [Alias("Description")]
    Task<Application?> Description();

    /// <summary>Stops its VMs, gives their places back and forgets it; its traffic stays in the store for its retention.</summary>
    [OpenTo(Role.Tenant)]
    [Alias("Delete")]
    Task<ApplicationChange> Delete();

    /// <summary>Notes that all VMs run now where a plan has put them, and how much run time is left there.</summary>
    [Alias("RunsOn")]
    Task RunsOn(TimeSpan left);

    /// <summary>
    /// Answers a query over its traffic, waiting for windows that have not come yet as long as the query allows; null if there is no
    /// such application.
    /// </summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Traffic")]
    Task<TrafficOutcome?> Traffic(TrafficQuery query, CancellationToken cancel);

    /// <summary>What the VMs reported of one window.</summary>
    [Alias("Window")]
    Task<WindowTraffic> Window(Window window);

    /// <summary>How many of its VMs have reported a window; cheap, unlike <see cref="Window"/>.</summary>
    [Alias("Progress")]
    Task<WindowProgress> Progress(Window window);

    /// <summary>Who belongs to it, unless that is known already.</summary>
    /// <param name="known">The stamp of the last answer; <see cref="Guid.Empty"/>: there was none.</param>
    [OpenTo(Role.Sensor)]
    [Alias("Roster")]
    Task<Roster> Roster(Guid known);

    /// <summary>Told when windows have been stored: wakes queries that wait, and has groups detected.</summary>
    [OpenTo(Role.Sensor)]
    [Alias("WindowsStored")]
    Task WindowsStored(StoredWindows came);
}

/// <summary>An application as it stands.</summary>
/// <param name="Application">Its description, each VM with where it runs now.</param>
/// <param name="Revision">Counts the description's changes from 1.</param>
/// <param name="Vms">Each VM as it stands, in the application's order.</param>
/// <param name="Progress">How much of its run is left.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplicationStatus")]
public sealed record ApplicationStatus(
    [property: Id(0)] Application Application,
    [property: Id(1)] long Revision,
    [property: Id(2)] ImmutableArray<VmStatus> Vms,
    [property: Id(3)] RunProgress Progress)
{
    /// <summary>The newest window that any VM's sensor reported; null: none yet.</summary>
    public Window? LastWindow => Vms.Max(vm => vm.LastWindow);
}

/// <summary>What applying a description did.</summary>
/// <param name="Revision">The revision now.</param>
/// <param name="Created">Whether it was the first.</param>
/// <param name="Changed">Whether anything is different from before.</param>
/// <param name="Refused">Why it was not taken; empty if it was.</param>
[GenerateSerializer, Immutable, Alias("Federation.ApplicationChange")]
public sealed record ApplicationChange(
    [property: Id(0)] long Revision, [property: Id(1)] bool Created, [property: Id(2)] bool Changed, [property: Id(3)] ImmutableArray<string> Refused);

/// <summary>The traffic of one window, as far as it was reported.</summary>
/// <param name="Matrix">Who sent how much to whom.</param>
/// <param name="Reported">How many VMs have a report.</param>
/// <param name="Expected">How many VMs there are.</param>
[GenerateSerializer, Immutable, Alias("Federation.WindowTraffic")]
public sealed record WindowTraffic([property: Id(0)] TrafficMatrix Matrix, [property: Id(1)] int Reported, [property: Id(2)] int Expected);
