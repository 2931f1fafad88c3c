using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Migration;
using Federation.Domain.Sites;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <inheritdoc cref="IMigrationGrain"/>
/// <remarks>Each phase is stored before its work is done, and its work can be repeated: a crash at any moment leaves a phase to resume.</remarks>
public sealed partial class MigrationGrain(
    [PersistentState("migration", GrainStateSerializer.StorageName)] IPersistentState<MigrationGrain.Stored> state,
    IHypervisor hypervisor,
    Happenings happenings,
    TimeProvider clock,
    ILogger<MigrationGrain> log) : Grain, IMigrationGrain
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);

    private IGrainTimer? worker;

    private MigrationState Now => state.State.Migration!;

    private MigrationOrder Order => Now.Order;

    /// <inheritdoc/>
    public async Task<MigrationState> Run(MigrationState initial)
    {
        if (state.State.Migration is null)
        {
            state.State.Migration = initial;
            await state.WriteStateAsync();
            await happenings.Note("migration.started", $"{Order.Vm} starts to move from {Order.From} to {Order.To}", Order.Vm.Application, Order.To.Site);
        }

        if (!Now.HasEnded)
        {
            // Interleaves, so that the migration can be looked at while it runs.
            worker ??= this.RegisterGrainTimer(Work, new() { DueTime = TimeSpan.Zero, Period = RetryEvery, Interleave = true, KeepAlive = true });
        }

        return Now;
    }

    /// <inheritdoc/>
    public Task<MigrationState?> Get() => Task.FromResult(state.State.Migration);

    private async Task Work(CancellationToken cancel)
    {
        while (!Now.HasEnded)
        {
            MigrationState next;
            try
            {
                var verdict = await DoPhase(cancel);
                if (!verdict.IsFeasible && MayWait(verdict.Reason!))
                {
                    return;
                }

                next = verdict.Reason is { } reason
                    ? MigrationLifecycle.Fail(Now, reason)
                    : MigrationLifecycle.Succeed(Now, clock.GetUtcNow());
            }
            catch (HypervisorException fault)
            {
                LogPhaseFailed(fault, Order.Id, Now.Phase);
                next = MigrationLifecycle.Fail(Now, fault.Message);
            }

            if (ReferenceEquals(next, Now))
            {
                // No way back from here: the timer tries again.
                return;
            }

            state.State.Migration = next;
            await state.WriteStateAsync(CancellationToken.None);
        }

        worker?.Dispose();
        worker = null;
        await Tell();
    }

    // A site that is busy with other migrations will have time later; one without room will not.
    private bool MayWait(string reason) =>
        Now.Phase == MigrationPhase.Reserve && reason.StartsWith("migrations: ", StringComparison.Ordinal);

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
                await hypervisor.StopAndCopy(Order, cancel);
                break;
            case MigrationPhase.Redirect:
                await hypervisor.Redirect(Order, cancel);
                break;
            case MigrationPhase.Activate:
                await hypervisor.Activate(Order, cancel);
                await GrainFactory.Vm(Order.Vm).Locate(Order.To, Order.Epoch);
                break;
            case MigrationPhase.UpdateNetwork:
                await hypervisor.UpdateNetwork(Order, cancel);
                await GrainFactory.Site(Order.To.Site).Arrive(Order.Vm);
                await GrainFactory.Site(Order.From.Site).Release([Order.Vm]);
                break;
            case MigrationPhase.RollBack:
                await hypervisor.Abort(Order, cancel);
                await GrainFactory.Site(Order.To.Site).Release([Order.Vm]);
                await GrainFactory.Site(Order.From.Site).CancelLeaving(Order.Vm);
                break;
        }

        return Verdict.Feasible;
    }

    private async Task<Verdict> Reserve()
    {
        var reserved = await GrainFactory.Site(Order.To.Site).Reserve([new Hold(
            Order.Vm, Now.Tenant, Order.To.Offer, Order.Id, HoldState.Arriving, Migrates: true, clock.GetUtcNow(), Now.CoreHours)]);
        return reserved.IsFeasible ? await GrainFactory.Site(Order.From.Site).BeginLeaving(Order.Vm) : reserved;
    }

    private async Task Tell()
    {
        var done = Now.Phase == MigrationPhase.Done;
        await happenings.Note(
            done ? "migration.done" : "migration.rolledback",
            done ? $"{Order.Vm} runs at {Order.To}" : $"{Order.Vm} stays at {Order.From}: {Now.Reason}",
            Order.Vm.Application,
            Order.To.Site);
        await GrainFactory.Placement(Order.Vm.Application).MigrationEnded(Now.Plan);
    }

    [LoggerMessage(3101, LogLevel.Warning, "Migration {Migration} failed in phase {Phase}")]
    private partial void LogPhaseFailed(Exception fault, string migration, MigrationPhase phase);

    /// <summary>What is stored of a migration.</summary>
    public sealed class Stored
    {
        /// <summary>How far it is; null before it began.</summary>
        public MigrationState? Migration { get; set; }
    }
}
