using Federation.Domain.Refusals;

namespace Federation.Domain.Migration;

/// <summary>How far a live migration is: the phase that is being worked on.</summary>
public enum MigrationPhase
{
    /// <summary>A place is kept at the new site.</summary>
    Reserve,

    /// <summary>The memory is copied while the VM runs; its place is confirmed.</summary>
    PreCopy,

    /// <summary>The VM stands still at its switch, the rest is sent.</summary>
    StopAndCopy,

    /// <summary>What is sent to the VM goes to its new site.</summary>
    Redirect,

    /// <summary>It is noted that the VM is at its new site, then it is let run there.</summary>
    Activate,

    /// <summary>It lives at its new site; the old one is cleared and its place given back.</summary>
    UpdateNetwork,

    /// <summary>It is being taken back.</summary>
    RollBack,

    /// <summary>The VM is at its new site.</summary>
    Done,

    /// <summary>The VM is at its old site, as if nothing had been.</summary>
    RolledBack,
}

/// <summary>Which phase follows which. Pure: the grain stores the state, then acts, so that a crash leaves something to resume.</summary>
public static class MigrationLifecycle
{
    /// <summary>The state after the work of the present phase was done.</summary>
    /// <exception cref="InvalidOperationException">The migration has ended.</exception>
    public static MigrationState Succeed(MigrationState state, DateTimeOffset now) => state.Phase switch
    {
        MigrationPhase.UpdateNetwork => state.In(MigrationPhase.Done, now) with { EndedAt = now },
        MigrationPhase.RollBack => state.In(MigrationPhase.RolledBack, now) with { EndedAt = now },
        < MigrationPhase.UpdateNetwork => state.In(state.Phase + 1, now),
        _ => throw new InvalidOperationException($"migration {state.Order.Id} has ended"),
    };

    /// <summary>
    /// The state after the work of the present phase failed: it is taken back while that is possible; from
    /// <see cref="MigrationPhase.Activate"/> on, and while taking back, the phase stays and is tried again.
    /// </summary>
    public static MigrationState Fail(MigrationState state, Refusal refusal, DateTimeOffset now) =>
        state.Phase < MigrationPhase.Activate ? TakeBack(state, refusal, now) : state;

    /// <summary>The state from which a migration is taken back, whatever its phase.</summary>
    public static MigrationState TakeBack(MigrationState state, Refusal refusal, DateTimeOffset now) =>
        state.In(MigrationPhase.RollBack, now) with { Refusal = refusal, FailedIn = state.Phase };

    /// <summary>The state with what it waits for; null: for nothing.</summary>
    public static MigrationState Waits(MigrationState state, Refusal? reason, DateTimeOffset now) =>
        state.WaitsFor == reason ? state : state with { WaitsFor = reason, WaitsSince = reason is null ? null : now };

    /// <summary>
    /// The state after a site or the VM's network has said no. A site that is busy with other migrations will have time soon, and a host's agent will
    /// have asked for news: it is asked again, as long as <paramref name="patience"/> lasts. One without room, or whose window has closed, will not: the migration fails, and its plan is thought over.
    /// </summary>
    public static MigrationState Refuse(MigrationState state, Refusal refusal, DateTimeOffset now, TimeSpan patience)
    {
        var passes = state.Phase == MigrationPhase.Reserve
            && refusal.Code is RefusalCode.MigrationsInFull or RefusalCode.MigrationsOutFull or RefusalCode.VmLeaves or RefusalCode.SegmentUnacknowledged;
        // Ahead of the clock, which was set back meanwhile: the wait begins anew, or it would last as much longer.
        var since = state.WaitsSince is { } before && before <= now ? before : now;
        return !passes ? Fail(state, refusal, now)
            : now - since < patience ? state with { WaitsSince = since, WaitsFor = refusal }
            : Fail(state, Refusal.WaitedTooLong(patience.TotalSeconds, refusal), now);
    }

    /// <summary>Whether the state is the same as one before, but for what it waits for: then the work is tried again later.</summary>
    public static bool HasToWait(MigrationState before, MigrationState after) => before.Phase == after.Phase;
}
