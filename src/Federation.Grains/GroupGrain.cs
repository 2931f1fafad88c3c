using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Detection;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Plans;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <inheritdoc cref="IGroupGrain"/>
public sealed class GroupGrain(
    [PersistentState("groups", GrainStateSerializer.StorageName)] IPersistentState<GroupGrain.Stored> state,
    ITrafficStore store,
    SiteViews views,
    EventRecorder events,
    TimeProvider clock) : Grain, IGroupGrain
{
    private const int MostEventsKept = 1000;

    // After a while of being away there may be a day of them: whoever asks for something gets his turn in between.
    private const int MostWindowsATurn = 20;

    // How long a window waits for VMs whose sensors have not reported it, after the last report that came.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // The windows of many applications close at once, and reports of the next come meanwhile: they go first.
    private static readonly LowPriorityScheduler Background = new("groups");

    private static readonly TrackingOptions Tracking = new();

    private readonly WaitingWindows waiting = new(Grace);
    private readonly GroupDetectors detector = new();
    private readonly SiteCache sites = new(views, clock);
    private IGrainTimer? timer;

    private AppId Id => AppId.Parse(this.GetPrimaryKeyString());

    private IApplicationGrain Application => GrainFactory.Application(Id);

    /// <inheritdoc/>
    public Task WindowsCame(ImmutableArray<Window> windows)
    {
        var now = clock.GetUtcNow();
        var history = HistoryBy(now);
        foreach (var window in windows.Where(window => !window.IsAhead(now) && (history.LastWindow is not { } last || window.CompareTo(last) > 0)))
        {
            waiting.Note(window, now);
        }

        if (waiting.Oldest is not null)
        {
            DetectSoon();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task CatchUp()
    {
        var now = clock.GetUtcNow();
        if (await store.LatestWindow(Id, Window.Newest(now), CancellationToken.None) is { } latest)
        {
            var first = HistoryBy(now).LastWindow?.Next ?? latest.Shift(1 - TrafficQuery.MaxWindows);
            await WindowsCame(await store.ReportedWindows(Id, first, latest, CancellationToken.None));
        }
    }

    /// <inheritdoc/>
    public async Task<GroupsStatus> Get()
    {
        await DetectReady();
        return new(state.State.History.Groups, state.State.Events, state.State.Detection.InForce);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<WindowGroups>> Detections(int windows, GroupingOptions options)
    {
        var detections = ImmutableArray.CreateBuilder<WindowGroups>();
        if (await store.LatestWindow(Id, Window.Newest(clock.GetUtcNow()), CancellationToken.None) is { } latest)
        {
            var application = await Application.Description();
            foreach (var window in Window.Ending(latest, windows))
            {
                var traffic = await GrainFactory.Traffic(Id).Window(window);
                if (traffic.Reported > 0)
                {
                    detections.Add(new(window, await Detect(application, traffic.Matrix, options)));
                }
            }
        }

        return detections.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task Forget(VmId vm)
    {
        var history = state.State.History.Without(vm);
        if (!ReferenceEquals(history, state.State.History))
        {
            state.State.History = history;
            await this.Store(state);
        }
    }

    /// <inheritdoc/>
    public async Task Delete()
    {
        waiting.Clear();
        await state.ClearStateAsync();
    }

    // In turns of its own until none waits: whoever brings a window does not wait until groups are found.
    private void DetectSoon()
    {
        if (timer is null)
        {
            timer = this.RegisterGrainTimer(DetectReady, new() { DueTime = TimeSpan.Zero, Period = Grace, KeepAlive = true });
        }
        else
        {
            timer.Change(TimeSpan.Zero, Grace);
        }
    }

    private async Task DetectReady()
    {
        waiting.RemoveAhead(clock.GetUtcNow());
        for (var taken = 0; waiting.Oldest is { } window; taken++)
        {
            if (taken == MostWindowsATurn)
            {
                DetectSoon();
                return;
            }

            if (!waiting.IsOverdue(clock.GetUtcNow()) && !(await GrainFactory.Traffic(Id).Progress(window)).IsComplete)
            {
                return;
            }

            var application = await Application.Description();
            var traffic = (await GrainFactory.Traffic(Id).Window(window)).Matrix;
            await Choose(application, traffic);
            await Take(window, await Detect(application, traffic, state.State.Detection.InForce?.ToOptions() ?? new()));
            waiting.RemoveUntil(window);
        }

        timer?.Dispose();
        timer = null;
    }

    // Written with the next window's groups.
    private GroupHistoryState HistoryBy(DateTimeOffset now) => state.State.History = state.State.History.By(now);

    // Written with the window's groups.
    private async Task Choose(Domain.Applications.Application? application, TrafficMatrix traffic)
    {
        if (application is null)
        {
            return;
        }

        var before = state.State.Detection.InForce;
        var federation = application.Detection.Metric is null ? await sites.Of(application) : [];
        var (detection, now) = (state.State.Detection, clock.GetUtcNow());
        state.State.Detection = await Background.Run(() => detection.Advance(application, traffic, federation, now, Tracking));
        if (before is not null && state.State.Detection.InForce is { } chosen && !chosen.IsSameWayAs(before))
        {
            await events.Record(
                "group.detection",
                $"{Id}: groups are found by {chosen.Detector.ToString().ToLowerInvariant()} ({chosen.DetectorWhy}) over {chosen.Metric.ToString().ToLowerInvariant()} ({chosen.MetricWhy})",
                Id);
        }
    }

    private async Task Take(Window window, GroupPartition partition)
    {
        var step = GroupTracker.Advance(state.State.History, window, partition, Tracking);
        state.State.History = step.State;
        state.State.Events = [.. state.State.Events.AddRange(step.Events).TakeLast(MostEventsKept)];
        await this.Store(state);
        foreach (var happened in step.Events)
        {
            await events.Record($"group.{happened.GetType().Name.ToLowerInvariant()}", $"{Id}: {happened} (since {happened.Began})", Id);
        }

        if (!step.Events.IsEmpty)
        {
            GrainFactory.Placement(Id).Reevaluate(DecisionTrigger.GroupsChanged).Ignore();
        }
    }

    // Beside the grain, which goes on noting windows.
    private Task<GroupPartition> Detect(Domain.Applications.Application? application, TrafficMatrix traffic, GroupingOptions options)
    {
        var vms = application?.Vms.Select(vm => vm.Id).ToList() ?? [];
        return Background.Run(() => detector.Detect(vms, PairWeights.From(traffic, options.Metric), options));
    }

    /// <summary>What is stored of an application's groups.</summary>
    public sealed class Stored
    {
        /// <summary>The groups, and the changes that have not lasted yet.</summary>
        public GroupHistoryState History { get; set; } = GroupHistoryState.Initial;

        /// <summary>How groups are found.</summary>
        public DetectionState Detection { get; set; } = new();

        /// <summary>What happened, oldest first; the newest thousand.</summary>
        public ImmutableArray<GroupEvent> Events { get; set; } = [];
    }
}
