using System.Text.Json;
using Federation.Contracts;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Domain.Migration;
using Federation.Domain.Traffic;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IApplicationGrain"/>
/// <remarks>Reentrant: a traffic query that waits must not hold up the windows that it waits for.</remarks>
[Reentrant]
public sealed class ApplicationGrain(
    [PersistentState("application", GrainStateSerializer.StorageName)] IPersistentState<ApplicationGrain.Stored> state,
    IHypervisor hypervisor,
    ITrafficStore store,
    EventRecorder events,
    TimeProvider clock) : Grain, IApplicationGrain
{
    private readonly WindowSignal stored = new();
    private VirtualCluster? cluster;
    private ReportedVms? reported;

    // The present incarnation; none yet: 0.
    private AppId Id => AppId.Parse(this.GetPrimaryKeyString()) with { Incarnation = state.State.Incarnation };

    private VirtualCluster Cluster => cluster is { } known && ReferenceEquals(known.Application, state.State.Application)
        ? known
        : cluster = new(Id, state.State.Application, GrainFactory);

    /// <inheritdoc/>
    public async Task<ApplicationChange> Apply(Application application)
    {
        var created = state.State.Application is null;
        application = application with { Id = Id with { Incarnation = state.State.Incarnation + (created ? 1 : 0) } };
        var changed = state.State.Application is not { } old || Text(old) != Text(application);
        var refused = await new VmAdoption(GrainFactory, hypervisor, clock).Check(state.State.Application, application);
        if (!refused.IsEmpty)
        {
            return new(state.State.Revision, Created: false, Changed: false, refused);
        }

        if (changed)
        {
            var runs = await Runs(application);
            state.State.Progress = state.State is { Application: { } before, Progress: { } progress }
                ? progress.Described(before, application, runs, clock.GetUtcNow())
                : RunProgress.Of(application, runs, clock.GetUtcNow());
            state.State.Application = application;
            state.State.Incarnation = application.Id.Incarnation;
            state.State.Revision++;
            await state.WriteStateAsync();
        }

        // Done again for an unchanged description: a crash may have come between the two.
        await GrainFactory.Federation().RegisterApplication(Id);
        await GrainFactory.Retention(Id).Keep(application.Retention);
        refused = await new VmAdoption(GrainFactory, hypervisor, clock).Adopt(application);
        if (changed)
        {
            await events.Record(
                created ? "application.created" : "application.changed",
                $"application {Id} {(created ? "submitted" : "changed")}: {application.Vms.Length} VMs (revision {state.State.Revision})",
                Id);
        }

        return new(state.State.Revision, created, changed, refused);
    }

    /// <inheritdoc/>
    public Task<AppId?> Identity() => Task.FromResult<AppId?>(state.State.Application is null ? null : Id);

    /// <inheritdoc/>
    public Task<Application?> Description() => Task.FromResult(state.State.Application);

    /// <inheritdoc/>
    public async Task<ApplicationStatus?> Get()
    {
        if (state.State.Application is not { } application)
        {
            return null;
        }

        var vms = await Cluster.Statuses();
        return new(
            application with { Vms = [.. application.Vms.Zip(vms, (vm, status) => vm with { At = status.At })] },
            state.State.Revision,
            [.. vms],
            state.State.Progress!);
    }

    /// <inheritdoc/>
    public async Task RunsOn(TimeSpan left)
    {
        if (state.State.Progress is { } progress)
        {
            state.State.Progress = progress.Runs(left, clock.GetUtcNow());
            await state.WriteStateAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<ApplicationChange> Delete()
    {
        if (await Get() is not { } status)
        {
            return new(0, Created: false, Changed: false, []);
        }

        if (!await GrainFactory.Placement(Id).Delete())
        {
            return new(status.Revision, Created: false, Changed: false, [$"a plan of {Id} is being carried out: wait until it has ended"]);
        }

        await new VmAdoption(GrainFactory, hypervisor, clock).Dismiss(status);
        await GrainFactory.Groups(Id).Delete();
        await GrainFactory.Federation().RemoveApplication(Id);
        // The incarnation stays, so that the name's next life is another one.
        (state.State.Application, state.State.Revision, state.State.Progress) = (null, 0, null);
        await state.WriteStateAsync();
        await events.Record("application.deleted", $"application {Id} deleted, its places given back", Id);
        return new(status.Revision, Created: false, Changed: true, []);
    }

    /// <inheritdoc/>
    public async Task<TrafficOutcome?> Traffic(TrafficQuery query, CancellationToken cancel)
    {
        var deadline = clock.GetUtcNow() + query.Wait;
        while (state.State.Application is not null)
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

    // A VM that its description says to run somewhere is taken over there.
    private async Task<bool> Runs(Application application)
    {
        var vms = await Task.WhenAll(application.Vms.Select(vm => GrainFactory.Vm(new(application.Id, vm.Id)).Status()));
        return application.Vms.Zip(vms).All(vm => vm.First.At is not null || vm.Second.At is not null);
    }

    private static string Text(Application application) => JsonSerializer.Serialize(application, DomainJson.Options);

    /// <summary>What is stored of an application.</summary>
    public sealed class Stored
    {
        /// <summary>Its description as it was applied; null before the first.</summary>
        public Application? Application { get; set; }

        /// <summary>Counts the lives of this name; 0 before the first.</summary>
        public int Incarnation { get; set; }

        /// <summary>Counts the description's changes in this life.</summary>
        public long Revision { get; set; }

        /// <summary>How much of its run is left; null before the first description.</summary>
        public RunProgress? Progress { get; set; }
    }
}
