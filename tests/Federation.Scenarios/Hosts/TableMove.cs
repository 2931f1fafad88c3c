using System.Globalization;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Refusals;
using Xunit;

namespace Federation.Scenarios.Hosts;

/// <summary>A move between two drivers by the service's own table, without a service and agents: the record of who owns the VM is a field here.</summary>
/// <param name="number">Which move of the VM it is.</param>
/// <param name="source">The driver of the host that it leaves.</param>
/// <param name="destination">The driver of the host that it goes to.</param>
/// <param name="guest">The VM.</param>
/// <param name="terms">How it may be done.</param>
internal sealed class TableMove(int number, IHypervisorDriver source, IHypervisorDriver destination, GuestSpec guest, TransferTerms terms)
{
    private static readonly SwitchTable Table = new(TimeSpan.FromSeconds(5));
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly MigrationOrder order = new(
        MigrationId.Parse(string.Create(CultureInfo.InvariantCulture, $"astro/moves.1.1.{number}")), guest.Vm, new(new("north"), "std"), new(new("south"), "std"), number, 1, 1);

    private MigrationState? state;
    private MoveEnd owner = MoveEnd.Source;
    private (MigrationLook Look, long Since)? last;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>How far it is.</summary>
    public MigrationPhase Phase => state?.Phase ?? MigrationPhase.Reserve;

    /// <summary>Who owns the VM; null: it is lost.</summary>
    public IHypervisorDriver? Owner => owner switch { MoveEnd.Source => source, MoveEnd.Destination => destination, _ => null };

    /// <summary>Does it, and tells how it ended.</summary>
    public async Task<MigrationState> Do()
    {
        state = new(order, order.Id.Plan, 0, MigrationPhase.PreCopy, Now);
        await Try(async () =>
        {
            var target = await destination.Receive(order.Id, guest, terms, Cancel);
            await source.Send(order.Id, guest.Vm, target, terms, Cancel);
        });
        using var limit = Waiting.Limit();
        while (!state.HasEnded)
        {
            await Try(Step);
            await Task.Delay(Pause, TimeProvider.System, limit.Token);
        }

        return state;
    }

    private async Task Step()
    {
        if (Phase is MigrationPhase.Redirect or MigrationPhase.UpdateNetwork)
        {
            await (Phase is MigrationPhase.UpdateNetwork ? source.Stop(guest.Vm, Cancel) : Task.CompletedTask);
            state = MigrationLifecycle.Succeed(state!, Now);
            return;
        }

        var look = new MigrationLook(EndLook.Of(await Find(source)), EndLook.Of(await Find(destination)));
        last = last is { } before && !MigrationLook.HasChanged(before.Look, look) ? last : (look, TimeProvider.System.GetTimestamp());
        var turn = Table.Next(state!, look, TimeProvider.System.GetElapsedTime(last.Value.Since), Now);
        state = turn.State;
        await Act(turn.Act, look);
    }

    private Task Act(MigrationAct act, MigrationLook look) => act switch
    {
        MigrationAct.Switch => source.Switch(order.Id, guest.Vm, Cancel),
        MigrationAct.RunThere => RunThere(),
        MigrationAct.StopThere => destination.Stop(guest.Vm, Cancel),
        MigrationAct.RunHere => RunHere(look.Source.Copy?.State is GuestState.Sent or GuestState.Paused),
        MigrationAct.ClearThere => destination.Cancel(order.Id, guest.Vm, Cancel),
        MigrationAct.GiveUp => End(MoveEnd.Neither, source.Stop(guest.Vm, Cancel), destination.Stop(guest.Vm, Cancel)),
        MigrationAct.Finish => End(MoveEnd.Source, source.Cancel(order.Id, guest.Vm, Cancel), destination.Cancel(order.Id, guest.Vm, Cancel)),
        _ => Task.CompletedTask,
    };

    private async Task RunThere()
    {
        owner = MoveEnd.Destination;
        await destination.Run(guest.Vm, Cancel);
        state = MigrationLifecycle.Succeed(state!, Now);
    }

    private Task RunHere(bool isComplete)
    {
        owner = MoveEnd.Source;
        return isComplete ? source.Run(guest.Vm, Cancel) : source.Cancel(order.Id, guest.Vm, Cancel);
    }

    private async Task End(MoveEnd owns, params Task[] acts)
    {
        owner = owns;
        await Task.WhenAll(acts);
        state = MigrationLifecycle.Succeed(state!, Now);
    }

    private async Task<GuestSighting?> Find(IHypervisorDriver driver) => (await driver.Find(Cancel)).FirstOrDefault(copy => copy.Vm == guest.Vm);

    private async Task Try(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DriverException no)
        {
            state = MigrationLifecycle.Fail(state!, Refusal.Hypervisor(no.Message), Now);
        }
    }

    private enum MoveEnd
    {
        Neither,
        Source,
        Destination,
    }
}
