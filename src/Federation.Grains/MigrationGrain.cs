using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;
using Federation.Grains.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Federation.Grains;

/// <inheritdoc cref="IMigrationGrain"/>
/// <remarks>Each phase is stored before its work is done, and its work can be repeated: a crash at any moment leaves a phase to resume.</remarks>
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

    private MigrationState Now => state.State.Migration!;

    private MigrationOrder Order => Now.Order;

    private ReservationId Reservation => ReservationId.OfStep(Order.Id);

    // One that an earlier version began was looked at when it was planned.
    private AdmissionRequest Request => new(Reservation, Order.Vm, Order.To.Offer, Now.Needs ?? new(0, 0, []), Now.CoreHours);

    private TimeSpan RenewEvery => reservations.Value.Lifetime / 3;

    /// <inheritdoc/>
    public async Task<MigrationState> Run(MigrationState initial)
    {
        if (state.State.Migration is null)
        {
            state.State.Migration = initial;
            await this.Store(state);
            await events.Record("migration.started", $"{Order.Vm} starts to move from {Order.From} to {Order.To}", Order.Vm.Application, Order.To.Site);
        }

        if (!Now.HasEnded)
        {
            // Interleaves, so that the migration can be looked at while it runs.
            worker ??= this.RegisterGrainTimer(Work, new() { DueTime = TimeSpan.Zero, Period = RetryEvery, Interleave = true, KeepAlive = true });
            renewal ??= this.RegisterGrainTimer(Renew, new() { DueTime = RenewEvery, Period = RenewEvery, Interleave = true });
        }

        return Now;
    }

    /// <inheritdoc/>
    public Task<MigrationState?> Get() =>
        Task.FromResult(state.State.Migration is { } migration && Seen.Is(CallerContext.Current, migration) ? migration : null);

    private async Task Work(CancellationToken cancel)
    {
        while (!Now.HasEnded)
        {
            var next = await Next(cancel);
            if (ReferenceEquals(next, Now))
            {
                // No way back from here, and none on yet: the timer tries again.
                return;
            }

            var waits = MigrationLifecycle.HasToWait(Now, next);
            state.State.Migration = next;
            await this.Store(state);
            if (waits)
            {
                return;
            }
        }

        worker?.Dispose();
        renewal?.Dispose();
        (worker, renewal) = (null, null);
        await Tell();
    }

    private async Task<MigrationState> Next(CancellationToken cancel)
    {
        try
        {
            return (await DoPhase(cancel)).Refusal is { } refusal
                ? MigrationLifecycle.Refuse(Now, refusal, clock.GetUtcNow(), reservations.Value.MigrationPatience)
                : MigrationLifecycle.Succeed(Now, clock.GetUtcNow());
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Order.Id, Now.Phase, offline.Site);
            return MigrationLifecycle.Fail(Now, Refusal.SiteOffline(new(offline.Site)));
        }
        catch (HypervisorException fault)
        {
            LogPhaseFailed(fault, Order.Id, Now.Phase);
            return await After(fault);
        }
    }

    private async Task<Verdict> DoPhase(CancellationToken cancel)
    {
        switch (Now.Phase)
        {
            case MigrationPhase.Reserve:
                return await Reserve();
            case MigrationPhase.PreCopy:
                await hypervisor.PreCopy(Order, cancel);
                break;
            case MigrationPhase.StopAndCopy:
                // While the VM still runs at its old site: from here on its new place is its own however long it takes.
                if (await GrainFactory.Site(Order.To.Site).Confirm(Order.Vm, Reservation) is { IsFeasible: false } lost)
                {
                    return lost;
                }

                await hypervisor.StopAndCopy(Order, cancel);
                break;
            case MigrationPhase.Redirect:
                await hypervisor.Redirect(Order, cancel);
                break;
            case MigrationPhase.Activate:
                await hypervisor.Activate(Order, cancel);
                await GrainFactory.Vm(Order.Vm).SetLocation(Order.To, Order.Epoch);
                break;
            case MigrationPhase.UpdateNetwork:
                await hypervisor.UpdateNetwork(Order, cancel);
                if (await GrainFactory.Site(Order.To.Site).Arrive(Order.Vm, Reservation) is { IsFeasible: false } unknown)
                {
                    return unknown;
                }

                await GrainFactory.Site(Order.From.Site).Depart(Order.Vm, Order.Id);
                break;
            case MigrationPhase.RollBack:
                await TakeBack(cancel);
                await CancelPlace();
                break;
        }

        return Verdict.Feasible;
    }

    // Hypervisors are asked before anything is given back: a call that failed may have been done, or may be done yet.
    private async Task<MigrationState> After(HypervisorException fault)
    {
        var refusal = Refusal.Hypervisor(fault.Message);
        if (Now.Phase is not (MigrationPhase.Activate or MigrationPhase.RollBack))
        {
            return MigrationLifecycle.Fail(Now, refusal);
        }

        try
        {
            var found = await hypervisor.Find(Order.Vm, CancellationToken.None);
            return MigrationLifecycle.Found(Now, found.Instances, refusal, found.Epoch);
        }
        catch (HypervisorException)
        {
            return Now;
        }
    }

    // With a newer epoch, so that no call of this migration is done late, when its new place is another's.
    private async Task TakeBack(CancellationToken cancel)
    {
        var epoch = await GrainFactory.Vm(Order.Vm).NextEpoch($"{Order.Id.Key}, taken back");
        if ((await hypervisor.Find(Order.Vm, cancel)).Instances.IsEmpty)
        {
            // It was lost on the way: it runs nowhere, and holds nothing.
            await GrainFactory.Vm(Order.Vm).SetLocation(null, epoch);
            await GrainFactory.Site(Order.From.Site).Release([Order.Vm]);
            return;
        }

        await hypervisor.Abort(Order with { Epoch = epoch }, cancel);
        await GrainFactory.Site(Order.From.Site).CancelLeaving(Order.Vm, Order.Id);
    }

    private async Task<Verdict> Reserve()
    {
        var admitted = await GrainFactory.Site(Order.To.Site).Admit([Request]);
        return admitted.IsFeasible ? await GrainFactory.Site(Order.From.Site).BeginLeaving(Order.Vm, Order.Id) : admitted;
    }

    // A place that was lost meanwhile is noticed when it is to be confirmed.
    private async Task Renew(CancellationToken cancel)
    {
        if (Now.Phase != MigrationPhase.PreCopy)
        {
            return;
        }

        try
        {
            await GrainFactory.Site(Order.To.Site).Admit([Request]);
        }
        catch (SiteOfflineException offline)
        {
            LogSiteOffline(Order.Id, Now.Phase, offline.Site);
        }
    }

    private async Task CancelPlace()
    {
        try
        {
            await GrainFactory.Site(Order.To.Site).Cancel(Reservation);
        }
        catch (SiteOfflineException) when (Now.FailedIn < MigrationPhase.StopAndCopy)
        {
            // It was never confirmed: the site gives it back by itself.
            return;
        }
    }

    private async Task Tell()
    {
        var done = Now.Phase == MigrationPhase.Done;
        await events.Record(
            done ? "migration.done" : "migration.rolledback",
            done ? $"{Order.Vm} runs at {Order.To}" : $"{Order.Vm} stays at {Order.From}: {Now.Refusal}",
            Order.Vm.Application,
            Order.To.Site);
        await GrainFactory.Plan(Now.Plan).MigrationEnded();
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
