using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;

namespace Federation.Actuation.Tests.Conformance;

/// <summary>What can be wrong with a driver.</summary>
public enum Defect
{
    /// <summary>It refuses everything but questions.</summary>
    RefusesAll,

    /// <summary>It says yes to what it must refuse.</summary>
    RefusesNothing,

    /// <summary>A destination runs as soon as it is there.</summary>
    RunsByItself,

    /// <summary>It does not hold at its switch.</summary>
    DoesNotHold,

    /// <summary>What it is told to cancel goes on.</summary>
    IgnoresCancel,

    /// <summary>What it is told to stop runs on.</summary>
    IgnoresStop,

    /// <summary>It forgets what its caller before it began.</summary>
    ForgetsOnRestart,

    /// <summary>It never tells of a change.</summary>
    TellsNothing,

    /// <summary>It never tells of a transfer.</summary>
    TellsNoTransfer,

    /// <summary>It has no name.</summary>
    HasNoName,

    /// <summary>It does what it is told and finds nothing.</summary>
    FindsNothing,

    /// <summary>It does not come back from its calls.</summary>
    Hangs,

    /// <summary>It throws what no caller expects.</summary>
    Throws,
}

/// <summary>A driver that does as another one, but for one defect.</summary>
internal sealed class BrokenDriver(IHypervisorDriver right, Defect defect) : IHypervisorDriver
{
    private readonly HashSet<VmRef> own = [];

    public async Task<HypervisorFacts> Describe(CancellationToken cancel)
    {
        var facts = await right.Describe(cancel);
        return defect == Defect.HasNoName ? facts with { Version = "" } : facts;
    }

    public Task Start(GuestSpec guest, CancellationToken cancel)
    {
        own.Add(guest.Vm);
        return Call(() => right.Start(guest, cancel), cancel);
    }

    public Task Stop(VmRef vm, CancellationToken cancel) => Call(() => defect == Defect.IgnoresStop ? Task.CompletedTask : right.Stop(vm, cancel), cancel);

    public async Task<TransferTarget> Receive(MigrationId migration, GuestSpec guest, TransferTerms terms, CancellationToken cancel)
    {
        own.Add(guest.Vm);
        var target = new TransferTarget("nowhere");
        await Call(async () => target = await right.Receive(migration, guest, terms, cancel), cancel);
        return target;
    }

    public Task Send(MigrationId migration, VmRef vm, TransferTarget to, TransferTerms terms, CancellationToken cancel) =>
        Call(() => right.Send(migration, vm, to, terms, cancel), cancel);

    public Task Switch(MigrationId migration, VmRef vm, CancellationToken cancel) => Call(() => right.Switch(migration, vm, cancel), cancel);

    public Task Run(VmRef vm, CancellationToken cancel) => Call(() => right.Run(vm, cancel), cancel);

    public Task Cancel(MigrationId migration, VmRef vm, CancellationToken cancel) =>
        Call(() => defect == Defect.IgnoresCancel ? Task.CompletedTask : right.Cancel(migration, vm, cancel), cancel);

    public async Task<ImmutableArray<GuestSighting>> Find(CancellationToken cancel)
    {
        var found = await right.Find(cancel);
        return defect switch
        {
            Defect.FindsNothing => [],
            Defect.ForgetsOnRestart => [.. found.Where(sighting => own.Contains(sighting.Vm))],
            _ => [.. found.Select(Spoil)],
        };
    }

    public async IAsyncEnumerable<(VmRef Vm, GuestSighting? Now)> Watch([EnumeratorCancellation] CancellationToken cancel)
    {
        if (defect == Defect.TellsNothing)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        }

        await foreach (var told in right.Watch(cancel))
        {
            yield return told;
        }
    }

    private GuestSighting Spoil(GuestSighting sighting) => (defect, sighting.State) switch
    {
        (Defect.RunsByItself, GuestState.Receiving or GuestState.Received) => sighting with { State = GuestState.Running },
        (Defect.DoesNotHold, GuestState.AtSwitch) => sighting with { State = GuestState.Sending },
        (Defect.TellsNoTransfer, _) => sighting with { Transfer = null },
        _ => sighting,
    };

    private async Task Call(Func<Task> right, CancellationToken cancel)
    {
        switch (defect)
        {
            case Defect.RefusesAll:
                throw new DriverException("no");
            case Defect.Throws:
                throw new InvalidDataException("it broke");
            case Defect.Hangs:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                break;
            case Defect.RefusesNothing:
                await Swallow(right);
                break;
            default:
                await right();
                break;
        }
    }

    private static async Task Swallow(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (DriverException)
        {
        }
    }
}
