using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What a driver must not do, whoever tells it to.</summary>
internal static class RefusalChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("A copy that is being filled neither runs nor is started", null, async trial =>
        {
            await trial.Receive(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await RefusesToRun(trial, trial.B);
            await trial.B.Stays(GuestState.Receiving);
        }),

        new("A copy that is held at its switch neither runs nor is started", DriverPromise.Holds, async trial =>
        {
            await trial.BeginToSwitch(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await RefusesToRun(trial, trial.A);
            await RefusesToRun(trial, trial.B);
        }),

        new("A copy that was sent or received is not started as a new VM", null, async trial =>
        {
            await trial.BeginToSent(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            await trial.A.Refuses("Start of a copy that was sent", (driver, stop) => driver.Start(trial.Guest, stop));
            await trial.B.Refuses("Start of a copy that was received", (driver, stop) => driver.Start(trial.Guest, stop));
        }),

        new("A VM that is not at the switch of a migration is not switched by it", null, async trial =>
        {
            await trial.Start();
            await trial.A.Refuses("Switch of a VM that is not sent", (driver, stop) => driver.Switch(trial.Migration, trial.Guest.Vm, stop));
        }),

        new("A VM at the switch of one migration is neither switched nor cancelled by another one", DriverPromise.Holds, async trial =>
        {
            await trial.BeginToSwitch(trial.Facts.MovesLive ? trial.Swift : trial.Cold);
            var other = trial.NextMigration();
            await trial.A.Refuses("Switch for another migration", (driver, stop) => driver.Switch(other, trial.Guest.Vm, stop));
            await trial.A.Do("Cancel of another migration", (driver, stop) => driver.Cancel(other, trial.Guest.Vm, stop));
            await trial.B.Do("Cancel of another migration", (driver, stop) => driver.Cancel(other, trial.Guest.Vm, stop));
            await trial.A.Stays(GuestState.AtSwitch);
            await trial.B.Stays(GuestState.Receiving);
        }),

        new("A VM that is being copied is not sent for another migration", DriverPromise.Live, async trial =>
        {
            await trial.BeginCopying();
            var other = trial.NextMigration();
            await trial.A.Refuses("Send for another migration", (driver, stop) =>
                driver.Send(other, trial.Guest.Vm, new("tcp:127.0.0.1:1"), trial.Swift, stop));
            await trial.A.Stays(GuestState.Running);
        }),

        new("A VM that runs is not received", null, async trial =>
        {
            await trial.Start();
            await trial.A.Refuses("Receive", (driver, stop) => driver.Receive(trial.Migration, trial.Guest, trial.Cold, stop));
        }),
    ];

    private static async Task RefusesToRun(DriverTrial trial, TrialEnd end)
    {
        await end.Refuses("Run", (driver, stop) => driver.Run(trial.Guest.Vm, stop));
        await end.Refuses("Start", (driver, stop) => driver.Start(trial.Guest, stop));
    }
}
