using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Identity;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Grains.Access;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="ITrafficGrain"/>
/// <remarks>
/// Stores nothing itself: what it keeps is what the traffic store has of the newest windows. Reentrant: a query that waits must not hold up the
/// windows that it waits for. Windows that are ahead of the clock are in the store and not in memory, as if they had not come, until the clock is there.
/// </remarks>
[Reentrant]
public sealed class TrafficGrain(ITrafficStore store, EventRecorder events, TimeProvider clock) : Grain, ITrafficGrain
{
    private readonly WindowSignal signal = new();
    private RecentWindows recent = new();
    private AheadWindows ahead = new();
    private WindowNews news = new();
    private List<int> untold = [];
    private IGrainTimer? timer;
    private Task? filling;
    private ReportingVms? known;
    private DoubleReports? doubles;

    // Kept, as each window that comes asks for them: a key is parsed anew, and a reference searched for anew.
    private AppId? id;
    private IApplicationGrain? application;
    private IGroupGrain? groups;

    private AppId Id => id ??= AppId.Parse(this.GetPrimaryKeyString());

    private IApplicationGrain Application => application ??= GrainFactory.Application(Id);

    private IGroupGrain Groups => groups ??= GrainFactory.Groups(Id);

    private DoubleReports Doubles => doubles ??= new(GrainFactory, clock);

    /// <inheritdoc/>
    public async Task<WindowsTaken> Take(SentWindows sent)
    {
        var caller = CallerContext.Current;
        var sender = caller.Sensor;
        if (sender is null && !caller.Has(Role.FederationAdmin) && !caller.Has(Role.Service))
        {
            throw new AccessDeniedException($"{caller} has the role of a sensor, but the token does not say which one");
        }

        var vms = await Vms();
        var permission = vms is null ? null : await SensorPermission.Of(sender, Id, sent, vms, GrainFactory);
        var now = clock.GetUtcNow();
        WindowFate[] fates = [.. sent.Windows.Select(window => new WindowFate(default, ReasonAgainst(window, vms, permission, now)))];
        int[] taken = [.. Enumerable.Range(0, fates.Length).Where(place => fates[place].Refusal is null)];
        if (taken.Length > 0)
        {
            // Before the store takes them: what it takes afterwards comes into memory here, whatever is read meanwhile.
            await UpToDate();
            var outcomes = await store.Append([.. taken.Select(place => Submitted(sent, sent.Windows[place]))], CancellationToken.None);
            foreach (var (place, outcome) in taken.Zip(outcomes))
            {
                fates[place] = new(outcome, null);
                await Keep(sent.Windows[place], outcome);
            }

            signal.Raise();
            await TellGroups(taken.Select(place => sent.Windows[place].Part.WindowNumber), vms!);
            await TellDoubles([.. taken.Select(place => sent.Windows[place])]);
        }

        return new(fates);
    }

    /// <inheritdoc/>
    public async Task<TrafficOutcome?> Query(TrafficQuery query, CancellationToken cancel)
    {
        // By the clock that nobody sets.
        var asked = clock.GetTimestamp();
        while (await Vms() is { } vms)
        {
            // Taken before looking, so that nothing that comes while looking is missed.
            var next = signal.Next;
            var (now, rest) = (clock.GetUtcNow(), query.Wait - clock.GetElapsedTime(asked));
            var left = rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
            var outcome = QueryEvaluation.Evaluate(query with { Wait = left }, await View(vms, query.OldestNeeded, query.Last), now);
            if (outcome is not QueryOutcome.MustWait wait)
            {
                return new(await Doubles.Explained(outcome, Id));
            }

            await WaitFor(wait, now, next, cancel);
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<WindowTraffic> Window(Window window)
    {
        var view = await View(await Vms() ?? ReportingVms.None, window, window);
        var builder = new TrafficMatrixBuilder(view.Endpoint);
        foreach (var report in view.Reports)
        {
            builder.Add(report, view.Owner);
        }

        return new(builder.Build(Domain.Traffic.Window.Length), view.Reports.DistinctBy(report => report.Vm).Count(), view.Vms.Count);
    }

    /// <inheritdoc/>
    public async Task<WindowProgress> Progress(Window window)
    {
        var vms = await Vms() ?? ReportingVms.None;
        await UpToDate();
        return recent.Count(PackedPart.NumberOf(window), vms) is { } count
            ? new(count, vms.All.Length)
            : new((await View(vms, window, window)).Reports.DistinctBy(report => report.Vm).Count(), vms.All.Length);
    }

    /// <inheritdoc/>
    public async Task<Dictionary<VmId, Window>> Newest()
    {
        await UpToDate();
        return recent.Newest();
    }

    private Refusal? ReasonAgainst(SentWindow window, ReportingVms? vms, SensorPermission? permission, DateTimeOffset now) =>
        vms is null ? Refusal.ReportOfNoApplication(Id)
        : !vms.Has(window.Vm) ? Refusal.ReportOfUnknownVm(Id, window.Vm)
        : permission!.Against(window, now);

    private SubmittedReport Submitted(SentWindows sent, SentWindow window) =>
        new(Id, new(sent.Sensor, sent.Boot, window.Sequence), window.Part.Unpack(window.Vm));

    // Of a duplicate another report than this one may be the one that was stored.
    private async Task Keep(SentWindow window, AppendOutcome outcome)
    {
        if (window.Part.Window.IsAhead(clock.GetUtcNow()))
        {
            SetAside(window.Part.WindowNumber);
        }
        else if (outcome == AppendOutcome.Stored)
        {
            recent.Add(window.Vm, window.Part);
        }
        else if (!recent.Has(window.Vm, window.Part))
        {
            foreach (var part in await store.ReadParts(Id, window.Vm, window.Part.Window, window.Part.Window, CancellationToken.None))
            {
                recent.Add(window.Vm, PackedPart.Of(part));
            }
        }
    }

    // Of a window that memory does not have they are told each time: nobody here knows whether it is complete.
    private async Task TellGroups(IEnumerable<int> taken, ReportingVms vms)
    {
        var (all, now) = (vms.All.Length, clock.GetUtcNow());
        (var reached, untold) = (untold, []);
        var windows = taken.Concat(reached).Where(number => !PackedPart.WindowOf(number).IsAhead(now)).Distinct().Order();
        (int Number, bool IsComplete)[] told = [.. windows.Select(window => (window, Count: recent.Count(window, vms)))
            .Where(entry => entry.Count is not { } count || news.Has(entry.window, count >= all, now))
            .Select(entry => (entry.window, entry.Count >= all))];
        if (told.Length > 0)
        {
            await Groups.WindowsCame([.. told.Select(window => PackedPart.WindowOf(window.Number))]);
            foreach (var (number, isComplete) in told)
            {
                news.Told(number, isComplete, now);
            }
        }
    }

    private async Task TellDoubles(SentWindow[] taken)
    {
        foreach (var sentence in await Doubles.New(Id, taken, recent))
        {
            await events.Record("traffic.doubled", sentence, Id);
        }
    }

    // A query that waits is woken by every report, and looks at all VMs only when the last one has come.
    private async Task WaitFor(QueryOutcome.MustWait wait, DateTimeOffset now, Task next, CancellationToken cancel)
    {
        var (began, longest) = (clock.GetTimestamp(), wait.Until - now);
        do
        {
            await WindowSignal.Wait(next, longest - clock.GetElapsedTime(began), clock, cancel);
            next = signal.Next;
        }
        while (clock.GetElapsedTime(began) < longest && !(await Progress(wait.Window)).IsComplete);
    }

    // The newest windows are in memory; what goes back further is one read of the store.
    private async Task<TrafficView> View(ReportingVms vms, Window first, Window last)
    {
        await UpToDate();
        var reports = recent.Between(PackedPart.NumberOf(first), PackedPart.NumberOf(last), vms)
            // The store also has what was reported of VMs that the description has no more: no query, and no detection, knows them.
            ?? [.. (await store.Read(Id, first, last, CancellationToken.None)).Where(report => vms.Has(report.Vm))];
        return new(vms.All, vms.OwnerOf, reports) { Endpoint = vms.EndpointAt };
    }

    // Who belongs to the application now; null: it is gone, or another life of its name has begun.
    private async Task<ReportingVms?> Vms()
    {
        var roster = await Application.Roster(known?.Stamp ?? Guid.Empty);
        if (roster.Stamp == Guid.Empty || roster.Application != Id)
        {
            return null;
        }

        return roster.Description is { } description ? known = new(description.Vms, roster.Stamp, roster.Given, description.Endpoints) : known;
    }

    // At the first need, again if the store was away then, and when the clock has come to windows that wait, or was set back behind those in memory.
    private Task UpToDate()
    {
        var newest = PackedPart.NumberOf(Domain.Traffic.Window.Newest(clock.GetUtcNow()));
        if (filling is { IsCompleted: false })
        {
            return filling;
        }

        var isFilled = filling is { IsCompletedSuccessfully: true } && !(recent.NewestNumber > newest);
        return !isFilled ? filling = Fill(newest)
            : ahead.HasReached(newest) ? filling = BringIn(ahead.TakeReached(newest))
            : filling!;
    }

    private async Task Fill(int newest)
    {
        (recent, ahead, news) = (new(), new(), new());
        if (await store.LatestWindow(Id, PackedPart.WindowOf(newest), CancellationToken.None) is { } latest)
        {
            var first = latest.Shift(1 - RecentWindows.Most);
            recent.Begin(PackedPart.NumberOf(first));
            foreach (var part in await store.ReadParts(Id, first, latest, CancellationToken.None))
            {
                recent.Add(part.Report.Vm, PackedPart.Of(part));
            }
        }

        await FindAhead(PackedPart.WindowOf(newest));
    }

    // What came ahead of the clock before a restart, or before the clock was set back.
    private async Task FindAhead(Window newest)
    {
        if (await store.LatestWindow(Id, null, CancellationToken.None) is { } last && last.CompareTo(newest) > 0)
        {
            var furthest = newest.Shift(TrafficQuery.MaxWindows);
            foreach (var window in await store.ReportedWindows(Id, newest.Next, last.CompareTo(furthest) < 0 ? last : furthest, CancellationToken.None))
            {
                SetAside(PackedPart.NumberOf(window));
            }
        }
    }

    private async Task BringIn(int[] reached)
    {
        foreach (var part in await store.ReadParts(Id, PackedPart.WindowOf(reached[0]), PackedPart.WindowOf(reached[^1]), CancellationToken.None))
        {
            recent.Add(part.Report.Vm, PackedPart.Of(part));
        }

        untold.AddRange(reached);
        signal.Raise();
    }

    private void SetAside(int number)
    {
        ahead.Note(number);
        timer ??= this.RegisterGrainTimer(LookAside, new() { DueTime = Domain.Traffic.Window.Length, Period = Domain.Traffic.Window.Length, KeepAlive = true });
    }

    // Nobody may report or ask while the clock comes to windows that wait: their groups are found all the same.
    private async Task LookAside()
    {
        await UpToDate();
        if (untold.Count > 0 && await Vms() is { } vms)
        {
            await TellGroups([], vms);
        }

        if (ahead.IsEmpty)
        {
            timer?.Dispose();
            timer = null;
        }
    }
}
