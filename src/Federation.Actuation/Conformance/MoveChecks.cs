using System.Collections.Immutable;
using Federation.Domain.Guests;

namespace Federation.Actuation.Conformance;

/// <summary>What is asked of a driver about moves that nothing disturbs.</summary>
internal static class MoveChecks
{
    public static ImmutableArray<DriverCheck> All { get; } =
    [
        new("A live move holds at its switch until it is told to go on", DriverPromise.LiveHeld, trial => Holds(trial, trial.Swift)),
        new("A cold move holds at its switch until it is told to go on", DriverPromise.Holds, trial => Holds(trial, trial.Cold)),
        new("A live move ends complete at both ends, and the destination waits to be told to run", DriverPromise.Live, trial => Waits(trial, trial.Swift)),
        new("A cold move ends complete at both ends, and the destination waits to be told to run", null, trial => Waits(trial, trial.Cold)),
        new("A live move whose every call is repeated ends as one whose calls are not", DriverPromise.Live, trial => Repeats(trial, trial.Swift)),
        new("A cold move whose every call is repeated ends as one whose calls are not", null, trial => Repeats(trial, trial.Cold)),
        new("A VM goes live to the other host and back", DriverPromise.Live, trial => ThereAndBack(trial, trial.Swift)),
        new("A VM goes cold to the other host and back", null, trial => ThereAndBack(trial, trial.Cold)),

        new("A live move tells how far it is, and how long the VM stood still", DriverPromise.Live, async trial =>
        {
            await trial.BeginToSent(trial.Swift);
            var sent = (await trial.A.Until(GuestState.Sent)).Transfer;
            trial.A.Demand(sent is not null && sent.Migration == trial.Migration, "the VM that is sent tells of no transfer, or of another one");
            trial.A.Demand(sent is { MemoryBytes: > 0, MemorySentBytes: > 0, Rounds: > 0 }, $"it does not tell what was sent: {sent}");
            await trial.RunThere();
            var downtimes = new[] { (await trial.A.Look())?.Transfer, (await trial.B.Look())?.Transfer }.Select(transfer => transfer?.DowntimeSeconds);
            trial.B.Demand(downtimes.Any(seconds => seconds >= 0), "neither end tells how long the VM stood still");
        }),
    ];

    private static async Task Holds(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSwitch(terms);
        await trial.A.Stays(GuestState.AtSwitch);
        await trial.B.Stays(GuestState.Receiving);
    }

    private static async Task Waits(DriverTrial trial, TransferTerms terms)
    {
        await trial.BeginToSent(terms);
        await trial.B.Stays(GuestState.Received);
        await trial.A.Stays(GuestState.Sent);
        await trial.RunThere();
        await trial.A.Stays(GuestState.Sent);
        await trial.Stop(trial.A);
        await trial.B.Stays(GuestState.Running);
    }

    private static async Task Repeats(DriverTrial trial, TransferTerms terms)
    {
        await trial.Start();
        var target = await trial.Receive(terms);
        trial.B.Demand(await trial.Receive(terms) == target, "Receive, repeated, gave another target");
        await trial.Send(target, terms);
        await trial.Send(target, terms);
        await trial.ToSwitch();
        await trial.Send(target, terms);
        trial.B.Demand(await trial.Receive(terms) == target, "Receive, repeated at the switch, gave another target");
        await trial.Switch();
        await trial.Send(target, terms);
        await trial.Receive(terms);
        await trial.Switch();
        await trial.RunThere();
        await trial.RunThere();
        await trial.Stop(trial.A);
        await trial.Stop(trial.A);
        await trial.B.Stays(GuestState.Running);
    }

    private static async Task ThereAndBack(DriverTrial trial, TransferTerms terms)
    {
        await trial.Start();
        await trial.Move(terms);
        trial.Turn();
        await trial.Move(terms);
        trial.Turn();
        await trial.A.Stays(GuestState.Running);
        await trial.B.Stays(null);
    }
}
