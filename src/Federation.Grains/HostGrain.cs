using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Grains.Placing;
using Orleans.Concurrency;

namespace Federation.Grains;

/// <inheritdoc cref="IHostGrain"/>
/// <remarks>
/// It remembers who may be here; where a VM is, the VM knows, and is asked. Reentrant: a VM that announces itself while it is being asked
/// must not wait for the answer. Its VMs may be asked for, and may move away, while the site is offline: then it lives elsewhere.
/// </remarks>
[Reentrant, NearSitePlacement]
public sealed class HostGrain(
    [PersistentState("host", GrainStateSerializer.StorageName)] IPersistentState<HostGrain.Stored> state) : Grain, IHostGrain, IDisposable
{
    private readonly SerialState<Stored> stored = new(state);

    /// <inheritdoc/>
    public Task Arrived(VmRef vm) => Put(known => known.Add(vm));

    /// <inheritdoc/>
    public async Task<ImmutableArray<VmRef>> Vms()
    {
        var known = stored.Now.Vms;
        var places = await Task.WhenAll(known.Select(vm => GrainFactory.Vm(vm).Place()));
        var gone = known.Zip(places).Where(pair => pair.Second is not { } place || GrainKeys.HostKey(place) != this.GetPrimaryKeyString())
            .Select(pair => pair.First).ToList();
        await Put(now => now.Except(gone));
        return [.. known.Except(gone)];
    }

    /// <inheritdoc/>
    public void Dispose() => stored.Dispose();

    private Task Put(Func<ImmutableSortedSet<VmRef>, ImmutableSortedSet<VmRef>> change) => stored.Change(now =>
        change(now.Vms) is var next && ReferenceEquals(next, now.Vms) ? now : new() { Vms = next });

    /// <summary>What is stored of a host.</summary>
    public sealed class Stored
    {
        /// <summary>The VMs that may be here.</summary>
        public ImmutableSortedSet<VmRef> Vms { get; init; } = [];
    }
}
