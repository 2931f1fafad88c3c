using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver whose caller is restarted: what was begun is found again and goes on.</summary>
internal static class RestartChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("After a restart of its caller a VM that runs is found, and can be stopped", null, async trial =>
        {
            await trial.Start();
            await trial.Reopen();
            await trial.A.Stays(GuestState.Running);
            await trial.Stop(trial.A);
        }),

        new("After a restart of its caller a destination still waits, with the same target, and is filled", null, async trial =>
        {
            var terms = trial.Facts.MovesLive ? trial.Swift : trial.Cold;
            await trial.Start();
            var target = await trial.Receive(terms);
            await trial.Reopen();
            await trial.B.Stays(GuestState.Receiving);
            trial.B.Demand(await trial.Receive(terms) == target, "Receive, repeated after the restart, gave another target");
            await trial.Send(target, terms);
            await GoOn(trial);
        }),

        new("After a restart of its caller a VM is still copied, and can be cancelled", DriverPromise.Live, async trial =>
        {
            await trial.BeginCopying();
            await trial.Reopen();
            await trial.A.Until("copied and run", now => now is { State: GuestState.Running, Transfer: { Fault: null } transfer } && transfer.Migration == trial.Migration);
            await trial.CancelHere();
            await trial.CancelThere();
        }),

        new("After a restart of its caller a live move that is copied comes to its switch and goes on", DriverPromise.Live, async trial =>
        {
            await trial.Begin(trial.Swift);
            await trial.Reopen();
            await GoOn(trial);
        }),

        new("After a restart of its caller a live move is still held at its switch, and goes on", DriverPromise.LiveHeld, trial => HeldAndGoesOn(trial, trial.Swift)),
        new("After a restart of its caller a cold move is still held at its switch, and goes on", DriverPromise.Holds, trial => HeldAndGoesOn(trial, trial.Cold)),

        new("After a restart of its caller a move that is held at its switch can be cancelled", DriverPromise.Holds, async trial =>
        {
            await trial.BeginToSwitch(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.Reopen();
            await trial.CancelHere();
            await trial.CancelThere();
        }),

        new("After a restart of its caller a live move that is complete is still so, and the destination runs", DriverPromise.Live, trial => CompleteAndRuns(trial, trial.Swift)),
        new("After a restart of its caller a cold move that is complete is still so, and the destination runs", null, trial => CompleteAndRuns(trial, trial.Cold)),

        new("After a restart of its caller a VM that has arrived runs, and its move can be cancelled no more", null, async trial =>
        {
            await trial.BeginToSent(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.RunThere();
            await trial.Reopen();
            await trial.B.Stays(GuestState.Running);
            await trial.A.Stays(GuestState.Sent);
            await trial.B.Refuses("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
            await trial.Stop(trial.A);
        }),
    ];

    private static async Task GoOn(DriverTrial trial)
    {
        await trial.ToSwitch();
        await trial.Switch();
        await trial.RunThere();
        await trial.Stop(trial.A);
        await trial.B.Stays(GuestState.Running);
    }

    private static async Task HeldAndGoesOn(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSwitch(terms);
        await trial.Reopen();
        await trial.A.Stays(GuestState.AtSwitch);
        await GoOn(trial);
    }

    private static async Task CompleteAndRuns(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSent(terms);
        await trial.Reopen();
        await trial.A.Stays(GuestState.Sent);
        await trial.B.Stays(GuestState.Received);
        await trial.RunThere();
        await trial.Stop(trial.A);
    }
}
