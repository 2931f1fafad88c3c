using Federation.Domain.Guests;
using Federation.Domain.Refusals;

namespace Federation.Domain.Migration;

/// <summary>What is done next in a migration, whatever of its parties is lost: a table over what both ends say. Pure.</summary>
/// <remarks>
/// Two rules keep a VM from running twice. A destination runs only when it is told to, and it is told only once its source certainly stands still: it has
/// said that all was sent, or is gone, or its host was fenced. A destination that was told to run is certainly gone before the source runs on.
/// One that is silent is never taken for gone. From what was tried with QEMU; docs/migration.md has the table as it was tested.
/// </remarks>
/// <param name="Patience">How long ends that are silent or do not get on are waited for where nothing forbids to take the migration back.</param>
public readonly record struct SwitchTable(TimeSpan Patience)
{
    /// <summary>The migration's next state and act, after a look at both ends.</summary>
    /// <param name="state">The migration, between <see cref="MigrationPhase.PreCopy"/> and <see cref="MigrationPhase.RollBack"/>; at both ends it was begun.</param>
    /// <param name="look">Both ends.</param>
    /// <param name="unchanged">For how long they have looked the same.</param>
    /// <param name="now">When.</param>
    public MigrationTurn Next(MigrationState state, MigrationLook look, TimeSpan unchanged, DateTimeOffset now)
    {
        var view = new Ends(state, look, unchanged >= Patience, Patience, now);
        return state.Phase switch
        {
            MigrationPhase.PreCopy => view.Cancelled ?? InPreCopy(view),
            MigrationPhase.StopAndCopy => view.Cancelled ?? InStopAndCopy(view),
            MigrationPhase.Activate => InActivate(view),
            MigrationPhase.RollBack => InRollBack(view),
            _ => throw new InvalidOperationException($"nobody looks at {state.Order.Id} in phase {state.Phase}"),
        };
    }

    private static MigrationTurn InPreCopy(Ends ends) => ends switch
    {
        // A driver that does not hold at its switch lets the VM run there by itself.
        { There.Copy.State: GuestState.Running } => ends.To(MigrationPhase.Activate),
        { Here.IsGone: true, There.Copy.State: GuestState.Received } => ends.To(MigrationPhase.StopAndCopy),
        { Here.IsGone: true } => ends.Back(Refusal.VmLostOnTheWay(ends.Order.Vm, $"{ends.Order.Source}")),
        { There.IsGone: true } => ends.Back(ends.CopyGone),
        { Here.Copy.State: GuestState.AtSwitch or GuestState.Sending or GuestState.Sent, There.IsUnheard: false } => ends.To(MigrationPhase.StopAndCopy),
        { Here.Copy: { State: GuestState.Running, Transfer: { Fault: { } fault } transfer } } when transfer.Migration == ends.Order.Id => ends.Back(Refusal.TransferFailed(fault)),
        { IsStuck: true } => ends.Back(ends.Silent ?? Refusal.TransferStuck(ends.PatienceSeconds)),
        _ => ends.Wait(ends.Silent),
    };

    private static MigrationTurn InStopAndCopy(Ends ends) => ends switch
    {
        { There.Copy.State: GuestState.Running } => ends.To(MigrationPhase.Activate),
        { There.Copy.State: GuestState.Received, Here: { IsGone: true } or { Copy.State: GuestState.Sent } } => ends.To(MigrationPhase.Redirect),
        { There.Copy.State: GuestState.Received, Here.IsUnheard: true } => ends.Wait(ends.FenceSource),
        { Here.Copy.State: GuestState.Running } => ends.Back(Refusal.TransferFailed(ends.Here.Copy?.Transfer?.Fault ?? "the source went on by itself at its switch")),
        { There.IsGone: true, Here.IsGone: true } => ends.Back(Refusal.VmLostOnTheWay(ends.Order.Vm, $"{ends.Order.Source}")),
        { There.IsGone: true } => ends.Back(ends.CopyGone),
        { Here.Copy.State: GuestState.AtSwitch, There.IsUnheard: false } => ends.Do(MigrationAct.Switch),
        // The destination was never told to run, and never runs by itself.
        { IsStuck: true, Here.IsUnheard: false } when !(ends.Here.IsGone && ends.There.IsUnheard) => ends.Back(ends.Silent ?? Refusal.TransferStuck(ends.PatienceSeconds)),
        _ => ends.Wait(ends.Silent),
    };

    private static MigrationTurn InActivate(Ends ends) => ends switch
    {
        { There.Copy.State: GuestState.Running } => ends.Do(MigrationAct.RunThere),
        { There.IsGone: true, Here.IsUnheard: true } => ends.Wait(ends.Silent),
        { There.IsGone: true, Here.IsGone: true } => ends.Back(Refusal.VmLostOnTheWay(ends.Order.Vm, $"{ends.Order.Destination}")),
        { There.IsGone: true } => ends.Back(ends.CopyGone),
        { There.IsUnheard: true } => ends.Wait(ends.FenceDestination),
        _ => ends.Do(MigrationAct.RunThere),
    };

    private static MigrationTurn InRollBack(Ends ends) => ends switch
    {
        { MayHaveRunThere: true, There.IsUnheard: true } => ends.Wait(ends.FenceDestination),
        // What is there is given up only for a copy that is certainly at the source.
        { MayHaveRunThere: true, There.IsGone: false, Here.IsGone: true } => ends.To(MigrationPhase.Activate),
        { MayHaveRunThere: true, There.IsGone: false, Here.IsUnheard: true } => ends.Wait(ends.Silent),
        { MayHaveRunThere: true, There.IsGone: false } => ends.Do(MigrationAct.StopThere),
        { There.Copy.State: GuestState.Running } => ends.To(MigrationPhase.Activate),
        { Here.IsUnheard: true, There.Copy.State: GuestState.Received } => ends.Wait(ends.FenceSource),
        { Here.IsUnheard: true } => ends.Wait(ends.Silent),
        { Here.IsGone: true, There.Copy.State: GuestState.Received } => ends.To(MigrationPhase.Activate),
        { Here.IsGone: true, There.IsUnheard: true } => ends.Wait(ends.Silent),
        { Here.IsGone: true, There.IsGone: false, IsStuck: false } => ends.Wait(null),
        { Here.IsGone: true } => ends.Do(MigrationAct.GiveUp),
        { Here.Copy.State: not GuestState.Running } => ends.Do(MigrationAct.RunHere),
        { There.IsUnheard: true } => ends.Wait(ends.Silent),
        { There.IsGone: false } => ends.Do(MigrationAct.ClearThere),
        _ => ends.Do(MigrationAct.Finish),
    };

    // Both ends with what is said of them.
    private readonly record struct Ends(MigrationState State, MigrationLook Look, bool IsStuck, TimeSpan Patience, DateTimeOffset Now)
    {
        public MigrationOrder Order => State.Order;

        public EndLook Here => Look.Source;

        public EndLook There => Look.Destination;

        public double PatienceSeconds => Patience.TotalSeconds;

        public bool MayHaveRunThere => State.FailedIn == MigrationPhase.Activate;

        public MigrationTurn? Cancelled => State.CancelledBy is { } by ? Back(Refusal.MigrationCancelled(by)) : null;

        public Refusal CopyGone => Refusal.CopyGone(There.Known == EndKnown.Fenced ? $"{Order.Destination}, which was fenced" : $"{Order.Destination}");

        public Refusal? Silent => Here.IsUnheard ? Refusal.HostSilent(Order.From.Site, Order.FromHost)
            : There.IsUnheard ? Refusal.HostSilent(Order.To.Site, Order.ToHost)
            : null;

        public Refusal FenceSource => Refusal.WaitsForFencing(Order.From.Site, Order.FromHost);

        public Refusal FenceDestination => Refusal.WaitsForFencing(Order.To.Site, Order.ToHost);

        public MigrationTurn To(MigrationPhase phase) => new(phase == State.Phase ? State : State.In(phase, Now) with
        {
            Refusal = null,
            FailedIn = null,
        }, MigrationAct.Look);

        public MigrationTurn Back(Refusal why) => new(MigrationLifecycle.TakeBack(State, why, Now), MigrationAct.Look);

        public MigrationTurn Do(MigrationAct act) => new(MigrationLifecycle.Waits(State, null, Now), act);

        public MigrationTurn Wait(Refusal? why) => new(MigrationLifecycle.Waits(State, why, Now), MigrationAct.Wait);
    }
}

/// <summary>What a migration does next.</summary>
/// <param name="State">Its next state, stored before the act.</param>
/// <param name="Act">What is done.</param>
public readonly record struct MigrationTurn(MigrationState State, MigrationAct Act);

/// <summary>What is done in a migration.</summary>
public enum MigrationAct
{
    /// <summary>Both ends are looked at.</summary>
    Look,

    /// <summary>Both ends are looked at until one has changed.</summary>
    Wait,

    /// <summary>The source sends the rest.</summary>
    Switch,

    /// <summary>It is noted that the VM is at its destination; there it runs.</summary>
    RunThere,

    /// <summary>The copy at the destination is stopped, which may have run.</summary>
    StopThere,

    /// <summary>It is noted that the VM is at its source; there it runs on.</summary>
    RunHere,

    /// <summary>The copy at the destination, which never ran, is cleared.</summary>
    ClearThere,

    /// <summary>The VM is lost: it is noted that it is nowhere, and what is left of it is cleared.</summary>
    GiveUp,

    /// <summary>It is taken back.</summary>
    Finish,
}
