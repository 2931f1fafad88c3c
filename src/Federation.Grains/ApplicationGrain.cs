using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;
using Federation.Grains.Placing;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IApplicationGrain"/>
/// <remarks>
/// Reentrant: what it asks of others, as its traffic, asks it in turn. Changes are serialised all the same, by the one operation that its state
/// has room for.
/// </remarks>
[Reentrant]
public sealed partial class ApplicationGrain(
    [PersistentState("application", GrainStateSerializer.StorageName)] IPersistentState<ApplicationState> state,
    IHypervisor hypervisor,
    EventRecorder events,
    LostSites lost,
    SiteViews views,
    TimeProvider clock) : Grain, IApplicationGrain, IRemindable, IDisposable
{
    private VirtualCluster? cluster;

    // The description with the places that VMs have now: most reads find none of them changed.
    private (Application Described, Application Placed)? placed;

    // The present incarnation; none yet: 0.
    private AppId Id => AppId.Parse(this.GetPrimaryKeyString()) with { Incarnation = Known.Incarnation };

    private VirtualCluster Cluster => cluster is { } made && ReferenceEquals(made.Application, Known.Application)
        ? made
        : cluster = new(Id, Known.Application, GrainFactory);

    /// <inheritdoc/>
    public Task<AppId?> Identity() => Task.FromResult<AppId?>(Known.Application is null ? null : Id);

    /// <inheritdoc/>
    public Task<Application?> Description() => Task.FromResult(Known.Application);

    /// <inheritdoc/>
    public async Task<ApplicationStatus?> Get()
    {
        // One state throughout: it may be changed or deleted while the VMs are asked.
        var seen = Known;
        if (seen.Application is not { } application)
        {
            return null;
        }

        var vms = await Cluster.Statuses();
        await LearnAddresses();
        var newest = await GrainFactory.Traffic(application.Id).Newest();
        return new(
            Placed(application, vms),
            seen.Revision,
            [.. await Task.WhenAll(vms.Select(WithLoss))],
            seen.Progress!,
            [.. application.Vms.Select(vm => newest.TryGetValue(vm.Id, out var window) ? window : (Window?)null)])
        {
            Given = given,
            Publics = publics,
        };
    }

    // Its site cannot be asked, or its host is not heard of: it is not known whether it runs.
    private async Task<VmStatus> WithLoss(VmStatus vm) => vm.At is not { } at ? vm
        : lost.Since(at.Site) is { } since ? vm with { LostSince = since }
        : vm.Host is { } host && await views.HostLostSince(at.Site, host) is { } silent ? vm with { LostSince = silent }
        : vm;

    private Application Placed(Application described, VmStatus[] vms)
    {
        if (placed is not { } last || !ReferenceEquals(last.Described, described) || last.Placed.Vms.Zip(vms).Any(vm => vm.First.At != vm.Second.At))
        {
            placed = last = (described, described with { Vms = [.. described.Vms.Zip(vms, (vm, status) => vm with { At = status.At })] });
        }

        return last.Placed;
    }

    /// <inheritdoc/>
    public void Dispose() => stored.Dispose();
}
