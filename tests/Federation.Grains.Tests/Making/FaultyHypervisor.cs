using System.Collections.Concurrent;
using System.Collections.Immutable;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Reconciling;

namespace Federation.Grains.Tests.Making;

/// <summary>A hypervisor that fails when and as often as a test says, before or after it has done its work.</summary>
internal sealed class FaultyHypervisor(IHypervisor inner) : IHypervisor
{
    private readonly ConcurrentDictionary<string, (int After, int Times, bool AfterItsWork)> faults = [];

    public IHypervisor Inner => inner;

    /// <summary>Some calls fail, once some others of that kind have gone well.</summary>
    public void Fail(string call, int times, bool afterItsWork, int after = 0) => faults[call] = (after, times, afterItsWork);

    public Task Start(VmStart vm, long epoch, CancellationToken cancel) => Do(nameof(Start), () => inner.Start(vm, epoch, cancel));

    public Task Stop(VmRef vm, VmPlace? at, long epoch, CancellationToken cancel) => Do(nameof(Stop), () => inner.Stop(vm, at, epoch, cancel));

    public Task Begin(MigrationOrder order, CancellationToken cancel) => Do(nameof(Begin), () => inner.Begin(order, cancel));

    public async Task<MigrationLook> Look(MigrationOrder order, MigrationLook? seen, CancellationToken cancel)
    {
        await Do(nameof(Look), () => Task.CompletedTask);
        var look = await inner.Look(order, seen, cancel);
        return new(
            Silent.Contains(order.From) ? EndLook.Unheard : Fenced.Contains(order.From) ? EndLook.Fenced : look.Source,
            Silent.Contains(order.To) ? EndLook.Unheard : Fenced.Contains(order.To) ? EndLook.Fenced : look.Destination);
    }

    /// <summary>Where nobody tells what is there.</summary>
    public HashSet<Location> Silent { get; } = [];

    /// <summary>Where hosts were fenced.</summary>
    public HashSet<Location> Fenced { get; } = [];

    public Task Switch(MigrationOrder order, CancellationToken cancel) => Do(nameof(Switch), () => inner.Switch(order, cancel));

    public Task Run(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => Do(nameof(Run), () => inner.Run(order, at, epoch, cancel));

    public Task Cancel(MigrationOrder order, VmPlace at, long epoch, CancellationToken cancel) => Do(nameof(Cancel), () => inner.Cancel(order, at, epoch, cancel));

    public async Task<VmSighting> Find(VmRef vm, CancellationToken cancel)
    {
        await Do(nameof(Find), () => Task.CompletedTask);
        return await inner.Find(vm, cancel);
    }

    public async Task<int> NewestLife(AppId named, CancellationToken cancel)
    {
        await Do(nameof(NewestLife), () => Task.CompletedTask);
        return await inner.NewestLife(named, cancel);
    }

    public Task<ImmutableArray<VmSighting>> List(SiteId site, CancellationToken cancel) => inner.List(site, cancel);

    /// <summary>No call fails any more.</summary>
    public void Mend() => faults.Clear();

    /// <summary>What happens just before a call of a kind.</summary>
    public Dictionary<string, Func<Task>> Before { get; } = [];

    private async Task Do(string call, Func<Task> work)
    {
        if (Before.Remove(call, out var happens))
        {
            await happens();
        }

        var (after, times, afterItsWork) = faults.GetValueOrDefault(call);
        faults[call] = after > 0 ? (after - 1, times, afterItsWork) : (0, Math.Max(0, times - 1), afterItsWork);
        times = after > 0 ? 0 : times;
        if (times > 0 && !afterItsWork)
        {
            throw new HypervisorException($"{call} is out of order");
        }

        await work();
        if (times > 0)
        {
            throw new HypervisorException($"{call} was done, its answer got lost") { IsOutcomeUnknown = true };
        }
    }
}
