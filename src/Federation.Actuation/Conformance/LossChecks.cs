using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver about moves of which one end is lost.</summary>
internal static class LossChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("A destination that is lost while it is filled leaves the VM running, with the fault told", DriverPromise.Live, async trial =>
        {
            await trial.BeginCopying();
            await trial.Stop(trial.B);
            await RunsOn(trial);
        }),

        new("A destination that is cleared before anything is sent to it takes nothing that comes later, and the VM runs on", DriverPromise.Live, async trial =>
        {
            await trial.Start();
            var to = await trial.Receive(trial.Slow);
            await trial.Stop(trial.B);
            // That it is not there may be told at once, or seen later.
            await trial.A.Attempt("Send", (driver, stop) => driver.Send(trial.Migration, trial.Guest.Vm, to, trial.Slow, stop));
            await trial.A.Until("running, and not copied", now => now is { State: GuestState.Running, Transfer: null or { Fault: not null } }, trial.B);
            await trial.B.Stays(null);
        }),

        new("A destination that is lost at the switch of a live move is noticed when it goes on, and the VM runs on", DriverPromise.LiveHeld, trial => NoticedAtSwitch(trial, trial.Swift)),
        new("A destination that is lost at the switch of a cold move is noticed when it goes on, and the VM runs again", DriverPromise.Holds, trial => NoticedAtSwitch(trial, trial.Cold)),

        new("A source that is lost while it is copied leaves no copy that could run", DriverPromise.Live, async trial =>
        {
            await trial.BeginCopying();
            await LeavesNothing(trial);
        }),

        new("A source that is lost at its switch leaves no copy that could run", DriverPromise.Holds, async trial =>
        {
            await trial.BeginToSwitch(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await LeavesNothing(trial);
        }),

        new("A source that is lost after all is sent leaves a destination that runs when it is told to", null, async trial =>
        {
            await trial.BeginToSent(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.Stop(trial.A);
            await trial.B.Stays(GuestState.Received);
            await trial.RunThere();
        }),

        new("A destination that is complete is gone when it is stopped", null, async trial =>
        {
            await trial.BeginToSent(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.Stop(trial.B);
            await trial.A.Stays(GuestState.Sent);
        }),
    ];

    private static async Task RunsOn(DriverTrial trial)
    {
        await trial.A.Until("running, with the fault of its transfer", now => now is { State: GuestState.Running, Transfer.Fault: not null }, trial.B);
        await trial.B.Stays(null);
    }

    private static async Task NoticedAtSwitch(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSwitch(terms);
        await trial.Stop(trial.B);
        await trial.A.Until("at its switch or running", now => now?.State is GuestState.AtSwitch or GuestState.Running);
        // That it cannot be may be told at once, or seen later.
        await trial.A.Attempt("Switch", (driver, stop) => driver.Switch(trial.Migration, trial.Guest.Vm, stop));
        await RunsOn(trial);
    }

    private static async Task LeavesNothing(DriverTrial trial)
    {
        await trial.Stop(trial.A);
        await trial.B.Until("being filled or gone", now => now is null or { State: GuestState.Receiving or GuestState.Silent });
        await trial.B.Refuses("Run", (driver, stop) => driver.Run(trial.Guest.Vm, stop));
        await trial.CancelThere();
    }
}
