using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IApplicationGrain"/>
/// <remarks>
/// Reentrant: a traffic query that waits must not hold up the windows that it waits for. Changes are serialised all the same, by the one
/// operation that its state has room for.
/// </remarks>
[Reentrant]
public sealed partial class ApplicationGrain(
    [PersistentState("application", GrainStateSerializer.StorageName)] IPersistentState<ApplicationState> state,
    IHypervisor hypervisor,
    ITrafficStore store,
    EventRecorder events,
    TimeProvider clock) : Grain, IApplicationGrain, IRemindable, IDisposable
{
    private readonly WindowSignal stored = new();
    private VirtualCluster? cluster;
    private ReportedVms? reported;

    // The present incarnation; none yet: 0.
    private AppId Id => AppId.Parse(this.GetPrimaryKeyString()) with { Incarnation = known.Incarnation };

    private VirtualCluster Cluster => cluster is { } made && ReferenceEquals(made.Application, known.Application)
        ? made
        : cluster = new(Id, known.Application, GrainFactory);

    /// <inheritdoc/>
    public Task<AppId?> Identity() => Task.FromResult<AppId?>(known.Application is null ? null : Id);

    /// <inheritdoc/>
    public Task<Application?> Description() => Task.FromResult(known.Application);

    /// <inheritdoc/>
    public async Task<ApplicationStatus?> Get()
    {
        if (known.Application is not { } application)
        {
            return null;
        }

        var vms = await Cluster.Statuses();
        return new(
            application with { Vms = [.. application.Vms.Zip(vms, (vm, status) => vm with { At = status.At })] },
            known.Revision,
            [.. vms],
            known.Progress!);
    }

    /// <inheritdoc/>
    public async Task<TrafficOutcome?> Traffic(TrafficQuery query, CancellationToken cancel)
    {
        var deadline = clock.GetUtcNow() + query.Wait;
        while (known.Application is not null)
        {
            // Taken before looking, so that nothing that comes while looking is missed.
            var next = stored.Next;
            var now = clock.GetUtcNow();
            var left = deadline > now ? deadline - now : TimeSpan.Zero;
            var outcome = QueryEvaluation.Evaluate(query with { Wait = left }, await View(query.OldestNeeded, query.Last), now);
            if (outcome is not QueryOutcome.MustWait wait)
            {
                return new(outcome);
            }

            await WaitFor(wait, next, cancel);
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<WindowTraffic> Window(Window window)
    {
        var view = await View(window, window);
        var builder = new TrafficMatrixBuilder();
        foreach (var report in view.Reports)
        {
            builder.Add(report, view.Owner);
        }

        return new(builder.Build(Domain.Traffic.Window.Length), view.Reports.DistinctBy(report => report.Vm).Count(), view.Vms.Count);
    }

    /// <inheritdoc/>
    public async Task<WindowProgress> Progress(Window window)
    {
        var counted = await Reported();
        return counted.Count(PackedPart.NumberOf(window)) is { } count
            ? new(count, counted.Cluster.Vms.Length)
            : new((await View(window, window)).Reports.DistinctBy(report => report.Vm).Count(), Cluster.Vms.Length);
    }

    /// <inheritdoc/>
    public Task<Roster> Roster(Guid known) => Task.FromResult(
        Cluster.Application is null ? new Roster(Id, Guid.Empty, null)
        : Cluster.Stamp == known ? new Roster(Id, known, null)
        : new Roster(Id, Cluster.Stamp, [.. Cluster.Vms.Select(vm => vm.Value)]));

    /// <inheritdoc/>
    public async Task WindowsStored(StoredWindows came)
    {
        (await Reported()).Add(came);
        stored.Raise();
        await GrainFactory.Groups(Id).WindowsCame([.. came.Windows.Select(PackedPart.WindowOf)]);
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    // A query that waits is woken by every report, and looks at all VMs only when the last one has come.
    private async Task WaitFor(QueryOutcome.MustWait wait, Task next, CancellationToken cancel)
    {
        do
        {
            await WindowSignal.WaitUntil(next, wait.Until, clock, cancel);
            next = stored.Next;
        }
        while (clock.GetUtcNow() < wait.Until && !(await Progress(wait.Window)).IsComplete);
    }

    // The newest windows are in the VMs' memory; what goes back further is one read of the store, not one a VM.
    private async Task<TrafficView> View(Window first, Window last)
    {
        var vms = Cluster;
        IReadOnlyCollection<WindowReport> reports = await vms.Remembered(first, last) is { } remembered
            ? remembered
            // The store also has what was reported of VMs that the description has no more: no query, and no detection, knows them.
            : [.. (await store.Read(Id, first, last, CancellationToken.None)).Where(report => vms.PlaceOf(report.Vm.Value) is not null)];
        return new(vms.Vms, vms.OwnerOf, reports);
    }

    private async Task<ReportedVms> Reported()
    {
        if (reported is null || reported.Cluster != Cluster)
        {
            // What is stored after this has been read is told by WindowsStored afterwards: nothing is missed in between.
            var newest = await store.LatestWindow(Id, CancellationToken.None);
            var there = newest is { } window ? await store.Read(Id, window, window, CancellationToken.None) : [];
            if (reported is null || reported.Cluster != Cluster)
            {
                reported = new(Cluster, newest is { } first ? PackedPart.NumberOf(first) : int.MinValue);
                reported.Add(new([.. there.Select(report => PackedPart.NumberOf(report.Window)).Distinct()], [[.. there.Select(report => report.Vm.Value)]]));
            }
        }

        return reported;
    }
}
