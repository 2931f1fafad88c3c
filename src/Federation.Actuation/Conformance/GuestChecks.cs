using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver about VMs that are started and stopped.</summary>
internal static class GuestChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("It tells what it is, and the same when it is asked again", null, async trial =>
        {
            var again = await trial.A.Do("Describe", (driver, stop) => driver.Describe(stop));
            trial.A.Demand(!string.IsNullOrWhiteSpace(again.Driver) && !string.IsNullOrWhiteSpace(again.Version), "it has no name or no version");
            trial.A.Demand(again.Driver == trial.Facts.Driver && again.Version == trial.Facts.Version, "it has another name or version now");
            trial.A.Demand(!again.Architectures.IsDefaultOrEmpty, "it names no architecture");
            trial.A.Demand(again.MovesLive == trial.Facts.MovesLive && again.HoldsAtSwitch == trial.Facts.HoldsAtSwitch, "it promises something else now");
        }),

        new("A VM that is started runs, and one that runs stays as it is when it is started again", null, async trial =>
        {
            await trial.Start();
            await trial.A.Do("Start, repeated", (driver, stop) => driver.Start(trial.Guest, stop));
            await trial.A.Do("Run of a VM that runs", (driver, stop) => driver.Run(trial.Guest.Vm, stop));
            await trial.A.Stays(GuestState.Running);
            await trial.B.Stays(null);
        }),

        new("A VM that is stopped is gone, may be stopped again, and may be started anew", null, async trial =>
        {
            await trial.Start();
            await trial.Stop(trial.A);
            await trial.Stop(trial.A);
            await trial.Start();
            await trial.A.Stays(GuestState.Running);
        }),

        new("Of a VM that is not here, stop and cancel do nothing", null, async trial =>
        {
            await trial.Stop(trial.A);
            await trial.A.Do("Cancel", (driver, stop) => driver.Cancel(trial.Migration, trial.Guest.Vm, stop));
            await trial.A.Stays(null);
        }),

        new("Of a VM that is not here, send, switch and run are refused", null, async trial =>
        {
            var vm = trial.Guest.Vm;
            var target = await trial.Receive(trial.Cold);
            await trial.A.Refuses("Send", (driver, stop) => driver.Send(trial.Migration, vm, target, trial.Cold, stop));
            await trial.A.Refuses("Switch", (driver, stop) => driver.Switch(trial.Migration, vm, stop));
            await trial.A.Refuses("Run", (driver, stop) => driver.Run(vm, stop));
        }),
    ];
}
