using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver about moves that are taken back.</summary>
internal static class CancelChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("A destination that nobody has sent to is cancelled and gone", null, async trial =>
        {
            await trial.Receive(trial.Cold);
            await trial.B.Until(GuestState.Receiving);
            await trial.CancelThere();
            await trial.CancelThere();
        }),

        new("A live move is cancelled while it is copied: the VM runs on, the destination is gone, and it can be moved again", DriverPromise.Live, async trial =>
        {
            await trial.BeginCopying();
            await TakeBack(trial);
            trial.Anew();
            await trial.Move(trial.Swift);
        }),

        new("A live move is cancelled at its switch: the VM runs on, the destination is gone, and it can be moved again", DriverPromise.LiveHeld, async trial =>
        {
            await trial.BeginToSwitch(trial.Swift);
            await TakeBack(trial);
            trial.Anew();
            await trial.Move(trial.Swift);
        }),

        new("A cold move is cancelled at its switch: the VM runs again, the destination is gone, and it can be moved again", DriverPromise.Holds, async trial =>
        {
            await trial.BeginToSwitch(trial.Cold);
            await TakeBack(trial);
            trial.Anew();
            await trial.Move(trial.Cold);
        }),

        new("A source that has sent all of a live move stays so when it is cancelled, and runs when it is told to", DriverPromise.LiveKept, trial => RunsAgain(trial, trial.Swift)),
        new("A source that has sent all of a cold move stays so when it is cancelled, and runs when it is told to", DriverPromise.Keeps, trial => RunsAgain(trial, trial.Cold)),

        new("A source that ends with the transfer refuses to run again", DriverPromise.Ends, async trial =>
        {
            await trial.BeginToSent(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.A.Do("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
            await trial.A.Refuses("Run", (driver, stop) => driver.Run(trial.Guest.Vm, stop));
            await trial.A.Stays(GuestState.Sent);
        }),

        new("A live move whose destination runs can be cancelled no more", DriverPromise.Live, trial => TooLate(trial, trial.Swift)),
        new("A cold move whose destination runs can be cancelled no more", null, trial => TooLate(trial, trial.Cold)),

        new("A live move that is not at its switch in time ends by itself, says so, and the VM runs on", DriverPromise.Live, async trial =>
        {
            await trial.Begin(trial.Slow with { DurationSeconds = 0.5 });
            await trial.A.Until("running, with the fault of its transfer", now => now is { State: GuestState.Running, Transfer.Fault: not null });
            await trial.CancelThere();
            await trial.A.Stays(GuestState.Running);
        }),
    ];

    private static async Task TakeBack(DriverTrial trial)
    {
        await trial.CancelHere();
        await trial.CancelHere();
        await trial.CancelThere();
        await trial.CancelThere();
        await trial.A.Stays(GuestState.Running);
        await trial.B.Stays(null);
    }

    private static async Task RunsAgain(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSent(terms);
        await trial.CancelThere();
        await trial.A.Do("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
        await trial.A.Stays(GuestState.Sent);
        trial.A.MayRun = true;
        await trial.A.Do("Run", (driver, stop) => driver.Run(trial.Guest.Vm, stop));
        await trial.A.Until(GuestState.Running);
        trial.Anew();
        await trial.Move(terms);
    }

    private static async Task TooLate(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSent(terms);
        await trial.RunThere();
        await trial.B.Refuses("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
        await trial.A.Do("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
        await trial.A.Stays(GuestState.Sent);
        await trial.B.Stays(GuestState.Running);
        await trial.Stop(trial.A);
        await trial.B.Stays(GuestState.Running);
    }
}
