using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Guests;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Grains.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IMigrationGrain"/>
/// <remarks>
/// Each state is stored before its act is done, and each act can be repeated: after a crash at any moment both ends are looked at again, and
/// <see cref="SwitchTable"/> says what comes next.
/// </remarks>
public sealed partial class MigrationGrain(
    [PersistentState("migration", GrainStateSerializer.StorageName)] IPersistentState<MigrationGrain.Stored> state,
    IHypervisor hypervisor,
    EventRecorder events,
    IOptions<ReservationOptions> reservations,
    TimeProvider clock,
    ILogger<MigrationGrain> log) : Grain, IMigrationGrain
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private IGrainTimer? worker;
    private IGrainTimer? renewal;

    // Of this activation: whether both ends know of it, and whether to wait for them to change.
    private readonly EndWatch ends = new(hypervisor, clock);
    private bool isBegun;
    private bool isPlaceKept;
    private bool waits;

    private MigrationState Now => state.State.Migration!;

    private MigrationOrder Order => Now.Order;

    private MigrationActs Acts => new(GrainFactory, hypervisor, Now);

    private SwitchTable Table => new(reservations.Value.TransferPatience);

    private TimeSpan RenewEvery => reservations.Value.Lifetime / 3;

    /// <inheritdoc/>
    public async Task<MigrationState> Run(MigrationState initial)
    {
        if (state.State.Migration is null)
        {
            await Put(initial with { Phases = [new(initial.Phase, clock.GetUtcNow())] });
            await events.Record("migration.started", $"{Order.Vm} starts to move from {Order.From} to {(Order.From == Order.To ? "another host there" : Order.To)}", Order.Vm.Application, Order.To.Site);
        }

        await GoOn();
        return Now;
    }

    /// <inheritdoc/>
    public Task GoOn()
    {
        if (state.State.Migration is { HasEnded: false })
        {
            // Interleaves, so that the migration can be looked at, and taken back, while it runs.
            worker ??= this.RegisterGrainTimer(Work, new() { DueTime = TimeSpan.Zero, Period = RetryEvery, Interleave = true, KeepAlive = true });
            renewal ??= this.RegisterGrainTimer(Renew, new() { DueTime = RenewEvery, Period = RenewEvery, Interleave = true });
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<MigrationState?> Get() =>
        Task.FromResult(state.State.Migration is { } migration && Seen.Is(CallerContext.Current, migration) ? ends.WithProgress(migration) : null);

    /// <inheritdoc/>
    public async Task<Verdict> Cancel()
    {
        var caller = CallerContext.Current;
        if (state.State.Migration is not { } migration || !caller.MayActFor(migration.Order.Vm.Application.Tenant))
        {
            return Verdict.Reject(Refusal.MigrationUnknown());
        }

        if (migration.HasEnded)
        {
            return Verdict.Reject(Refusal.MigrationHasEnded());
        }

        if (migration.Phase is MigrationPhase.Activate or MigrationPhase.UpdateNetwork)
        {
            return Verdict.Reject(Refusal.MigrationTooLate($"{migration.Order.Destination}"));
        }

        if (migration.CancelledBy is null)
        {
            await Put(migration with { CancelledBy = caller.Name });
            await events.Record("migration.cancelled", $"{caller.Name} takes back the move of {Order.Vm} to {Order.To}", Order.Vm.Application, Order.To.Site);
        }

        return Verdict.Feasible;
    }

    private async Task Work(CancellationToken cancel)
    {
        while (!Now.HasEnded)
        {
            if (!await Step(cancel))
            {
                // No way on now: the timer tries again.
                return;
            }

            if (waits && !Now.HasEnded)
            {
                // Anew each time: a grain leaves its silo only between two calls.
                worker?.Change(TimeSpan.Zero, RetryEvery);
                return;
            }
        }

        worker?.Dispose();
        renewal?.Dispose();
        (worker, renewal) = (null, null);
        await Tell();
    }

    // False: what it waits for is not there yet.
    private async Task<bool> Step(CancellationToken cancel)
    {
        try
        {
            return Now.Phase switch
            {
                MigrationPhase.Reserve when Now.CancelledBy is { } by => await Put(MigrationLifecycle.TakeBack(Now, Refusal.MigrationCancelled(by), clock.GetUtcNow())),
                MigrationPhase.Reserve => await Reserve(),
                MigrationPhase.Redirect => await Settle(Verdict.Feasible),
                MigrationPhase.UpdateNetwork => await Settle(await Acts.Leave(cancel)),
                MigrationPhase.PreCopy when !isBegun => await Begin(cancel),
                MigrationPhase.RollBack when Now.FailedIn == MigrationPhase.Reserve => await Unreserve(),
                _ => await Turn(cancel),
            };
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Order.Id, Now.Phase, offline.Site);
            var away = Refusal.SiteOffline(new(offline.Site));
            // As a host that is silent: it may be that its silo is upgraded.
            var isAwaited = Now.Phase is MigrationPhase.PreCopy or MigrationPhase.StopAndCopy && ends.Unchanged < Table.Patience;
            return await Put(isAwaited ? MigrationLifecycle.Waits(Now, away, clock.GetUtcNow()) : MigrationLifecycle.Fail(Now, away, clock.GetUtcNow()));
        }
        catch (HypervisorException fault)
        {
            LogPhaseFailed(fault, Order.Id, Now.Phase);
            // One without an answer may have been done: both ends are asked.
            return !fault.IsOutcomeUnknown && await Put(MigrationLifecycle.Fail(Now, Refusal.Hypervisor(fault.Message), clock.GetUtcNow()));
        }
    }

    private async Task<bool> Reserve()
    {
        var (verdict, order) = await Acts.Reserve();
        state.State.Migration = Now with { Order = order };
        return await Settle(verdict);
    }

    // Nothing was begun, and where its hosts are is not known yet: nobody is asked.
    private async Task<bool> Unreserve()
    {
        await Acts.Unreserve();
        return await Put(MigrationLifecycle.Succeed(Now, clock.GetUtcNow()));
    }

    private async Task<bool> Begin(CancellationToken cancel)
    {
        try
        {
            await hypervisor.Begin(Order, cancel);
            isBegun = true;
            return true;
        }
        catch (HypervisorException fault) when (fault.IsOutcomeUnknown)
        {
            // Told again until both ends have it, also one that is silent now; after a while the table says what comes of it.
            var look = await ends.Look(Order, waits: false, cancel);
            isBegun = Now.CancelledBy is not null || ends.Unchanged >= Table.Patience;
            await Put(MigrationLifecycle.Waits(Now, SilentOf(look), clock.GetUtcNow()));
            return isBegun;
        }
    }

    private Refusal? SilentOf(MigrationLook look) => look.Source.IsUnheard ? Refusal.HostSilent(Order.From.Site, Order.FromHost)
        : look.Destination.IsUnheard ? Refusal.HostSilent(Order.To.Site, Order.ToHost)
        : null;

    private async Task<bool> Turn(CancellationToken cancel)
    {
        if (Now.Phase == MigrationPhase.PreCopy && await KeepPlace() is { } full)
        {
            return await Put(MigrationLifecycle.TakeBack(Now, full, clock.GetUtcNow()));
        }

        var look = await ends.Look(Order, waits, cancel);
        var turn = Table.Next(Now, look, ends.Unchanged, clock.GetUtcNow());
        await Put(ends.WithProgress(turn.State));
        // The VM may stand still: only what has to be waited for is.
        waits = turn.Act == MigrationAct.Wait;
        switch (turn.Act)
        {
            case MigrationAct.Switch:
                if (!isPlaceKept && (await Acts.KeepPlace()).Refusal is { } lost)
                {
                    return await Put(MigrationLifecycle.TakeBack(Now, lost, clock.GetUtcNow()));
                }

                await hypervisor.Switch(Order, cancel);
                break;
            case MigrationAct.RunThere:
                return await RunThere(cancel);
            case MigrationAct.StopThere:
                await Acts.StopThere(cancel);
                break;
            case MigrationAct.RunHere:
                await Acts.RunHere(look.Source.Copy?.State is GuestState.Sent or GuestState.Paused, cancel);
                break;
            case MigrationAct.ClearThere:
                await Acts.ClearThere(cancel);
                break;
            case MigrationAct.GiveUp:
                await Acts.GiveUp(look, cancel);
                return await Put(MigrationLifecycle.Succeed(Now with { Refusal = Refusal.VmLostOnTheWay(Order.Vm, $"{Order.Source}") }, clock.GetUtcNow()));
            case MigrationAct.Finish:
                await Acts.Finish(look, cancel);
                return await Put(MigrationLifecycle.Succeed(Now, clock.GetUtcNow()));
        }

        return true;
    }

    // While the VM runs: at its switch it would stand still until its new site answers, as while that is upgraded.
    private async Task<Refusal?> KeepPlace()
    {
        try
        {
            var lost = isPlaceKept ? null : (await Acts.KeepPlace()).Refusal;
            isPlaceKept = lost is null;
            return lost;
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Order.Id, Now.Phase, offline.Site);
            return null;
        }
    }

    private async Task<bool> RunThere(CancellationToken cancel)
    {
        try
        {
            var epoch = await Acts.RunThere(cancel);
            return await Put(MigrationLifecycle.Succeed(Now, clock.GetUtcNow()) with { OwnerEpoch = epoch, StoodStillSeconds = ends.StoodStillSeconds });
        }
        catch (HypervisorException fault) when (!fault.IsOutcomeUnknown)
        {
            var look = await hypervisor.Look(Order, seen: null, cancel);
            return look.Destination.Is(GuestState.Running) && !look.Source.IsGone
                && await Put(MigrationLifecycle.TakeBack(Now, Refusal.VmNotAlive(fault.Message), clock.GetUtcNow()));
        }
    }

    // A site that is busy will have time; an agent that is there asks within moments.
    private TimeSpan PatienceWith(Refusal refusal) =>
        refusal.Code == RefusalCode.SegmentUnacknowledged ? reservations.Value.TransferPatience : reservations.Value.MigrationPatience;

    // False: it has to wait for what it waited for before.
    private async Task<bool> Settle(Verdict verdict)
    {
        var before = Now.Phase;
        await Put(verdict.Refusal is not { } refusal ? MigrationLifecycle.Succeed(Now, clock.GetUtcNow())
            : Now.Phase >= MigrationPhase.Activate ? MigrationLifecycle.Waits(Now, refusal, clock.GetUtcNow())
            : MigrationLifecycle.Refuse(Now, refusal, clock.GetUtcNow(), PatienceWith(refusal)));
        return Now.Phase != before;
    }

    // Progress alone is not worth a write. True, if the phase is another one.
    private async Task<bool> Put(MigrationState next)
    {
        var before = state.State.Migration;
        state.State.Migration = next;
        if (before is null || before with { Progress = null } != next with { Progress = null })
        {
            await this.Store(state);
        }

        return before?.Phase != next.Phase;
    }

    private async Task Renew(CancellationToken cancel)
    {
        if (Now.Phase != MigrationPhase.PreCopy)
        {
            return;
        }

        try
        {
            await Acts.Renew();
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Order.Id, Now.Phase, offline.Site);
        }
    }

    private async Task Tell()
    {
        var done = Now.Phase == MigrationPhase.Done;
        await events.Record(
            done ? "migration.done" : "migration.rolledback",
            done ? $"{Order.Vm} runs at {Order.Destination}" : $"{Order.Vm} stays at {Order.Source}: {Now.Refusal}",
            Order.Vm.Application,
            Order.To.Site);
        // Not waited for: where this grain has to leave, the plan may wait for the one that follows it. It looks again by itself, too.
        GrainFactory.Plan(Now.Plan).MigrationEnded().Ignore();
    }

    [LoggerMessage(3101, LogLevel.Warning, "Migration {Migration} failed in phase {Phase}")]
    private partial void LogPhaseFailed(Exception fault, MigrationId migration, MigrationPhase phase);

    [LoggerMessage(3102, LogLevel.Warning, "Migration {Migration} in phase {Phase} waits for site {Site}, which is offline")]
    private partial void LogSiteOffline(MigrationId migration, MigrationPhase phase, string site);

    /// <summary>What is stored of a migration.</summary>
    public sealed class Stored
    {
        /// <summary>How far it is; null before it began.</summary>
        public MigrationState? Migration { get; set; }
    }
}
