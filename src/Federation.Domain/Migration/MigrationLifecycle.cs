using Federation.Domain.Identity;
using Federation.Domain.Reconciling;
using Federation.Domain.Refusals;
using Federation.Domain.Sites;

namespace Federation.Domain.Migration;

/// <summary>How far a live migration is: the phase that is being worked on.</summary>
public enum MigrationPhase
{
    /// <summary>A place is kept at the new site.</summary>
    Reserve,

    /// <summary>The memory is copied while the VM runs.</summary>
    PreCopy,

    /// <summary>The VM stands still, the rest is sent.</summary>
    StopAndCopy,

    /// <summary>What is sent to the VM goes to its new site.</summary>
    Redirect,

    /// <summary>The VM runs on at its new site. From here on there is no way back.</summary>
    Activate,

    /// <summary>The network knows, the old site is cleared and its place given back.</summary>
    UpdateNetwork,

    /// <summary>It is being taken back.</summary>
    RollBack,

    /// <summary>The VM is at its new site.</summary>
    Done,

    /// <summary>The VM is at its old site, as if nothing had been.</summary>
    RolledBack,
}

/// <summary>One live migration, as it is stored before each of its phases.</summary>
/// <param name="Order">What the hypervisor is told.</param>
/// <param name="Plan">The plan that it is a step of.</param>
/// <param name="CoreHours">The core-hours that the VM is planned to use at its new site.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it was done or rolled back; null while it runs.</param>
/// <param name="Refusal">Why it is taken back; null otherwise.</param>
/// <param name="FailedIn">The phase that it is taken back from; null otherwise.</param>
/// <param name="Needs">What the VM needs of its new place.</param>
public sealed record MigrationState(
    MigrationOrder Order,
    PlanId Plan,
    double CoreHours,
    MigrationPhase Phase,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt = null,
    Refusal? Refusal = null,
    MigrationPhase? FailedIn = null,
    VmNeeds? Needs = null)
{
    /// <summary>Since when it waits for a place; null: it does not.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>What it waits for; null: nothing.</summary>
    public Refusal? WaitsFor { get; init; }

    /// <summary>Whether nothing more will happen.</summary>
    public bool HasEnded => Phase is MigrationPhase.Done or MigrationPhase.RolledBack;
}

/// <summary>Which phase follows which. Pure: the grain stores the state, then acts, so that a crash leaves something to resume.</summary>
public static class MigrationLifecycle
{
    /// <summary>The state after the work of the present phase was done.</summary>
    /// <exception cref="InvalidOperationException">The migration has ended.</exception>
    public static MigrationState Succeed(MigrationState state, DateTimeOffset now) => state.Phase switch
    {
        MigrationPhase.UpdateNetwork => state with { Phase = MigrationPhase.Done, EndedAt = now },
        MigrationPhase.RollBack => state with { Phase = MigrationPhase.RolledBack, EndedAt = now },
        < MigrationPhase.UpdateNetwork => state with { Phase = state.Phase + 1, WaitsSince = null, WaitsFor = null },
        _ => throw new InvalidOperationException($"migration {state.Order.Id} has ended"),
    };

    /// <summary>
    /// The state after the work of the present phase failed: it is taken back while that is possible; from
    /// <see cref="MigrationPhase.Activate"/> on, and while taking back, the phase stays and is tried again.
    /// </summary>
    public static MigrationState Fail(MigrationState state, Refusal refusal) => state.Phase < MigrationPhase.Activate
        ? state with { Phase = MigrationPhase.RollBack, Refusal = refusal, FailedIn = state.Phase, WaitsSince = null, WaitsFor = null }
        : state;

    /// <summary>
    /// The state once hypervisors have been asked where a VM is that could not be activated, or not be taken back. Without a copy at its new site
    /// it can never run there: it is taken back. Running there already, it goes on. Otherwise the phase stays and is tried again.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="copies">The VM's copies.</param>
    /// <param name="refusal">Why the phase failed.</param>
    /// <param name="epoch">The newest epoch that hypervisors have seen of it.</param>
    public static MigrationState Found(MigrationState state, IReadOnlyCollection<VmInstance> copies, Refusal refusal, long epoch) => state.Phase switch
    {
        MigrationPhase.Activate when copies.All(copy => copy.At != state.Order.To) =>
            state with { Phase = MigrationPhase.RollBack, Refusal = refusal, FailedIn = state.Phase },
        MigrationPhase.RollBack when copies.Contains(new(state.Order.To, VmInstanceState.Running)) =>
            state with { Phase = MigrationPhase.Activate, Refusal = null, FailedIn = null, Order = state.Order with { Epoch = Math.Max(epoch, state.Order.Epoch) } },
        _ => state,
    };

    /// <summary>
    /// The state after a site has said no. A site that is busy with other migrations will have time soon: it is asked again, as long as
    /// <paramref name="patience"/> lasts. One without room, or whose window has closed, will not: the migration fails, and its plan is thought over.
    /// </summary>
    public static MigrationState Refuse(MigrationState state, Refusal refusal, DateTimeOffset now, TimeSpan patience)
    {
        var passes = state.Phase == MigrationPhase.Reserve
            && refusal.Code is RefusalCode.MigrationsInFull or RefusalCode.MigrationsOutFull or RefusalCode.VmLeaves;
        // Ahead of the clock, which was set back meanwhile: the wait begins anew, or it would last as much longer.
        var since = state.WaitsSince is { } before && before <= now ? before : now;
        return !passes ? Fail(state, refusal)
            : now - since < patience ? state with { WaitsSince = since, WaitsFor = refusal }
            : Fail(state, Refusal.WaitedTooLong(patience.TotalSeconds, refusal));
    }

    /// <summary>Whether the state is the same as one before, but for what it waits for: then the work is tried again later.</summary>
    public static bool HasToWait(MigrationState before, MigrationState after) => before.Phase == after.Phase;
}
