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
    [PersistentState("host", GrainStateSerializer.StorageName)] IPersistentState<HostGrain.Stored> state) : Grain, IHostGrain
{
    /// <inheritdoc/>
    public Task Arrived(VmRef vm) => Put(state.State.Vms.Add(vm));

    /// <inheritdoc/>
    public async Task<ImmutableArray<VmRef>> Vms()
    {
        var known = state.State.Vms;
        var places = await Task.WhenAll(known.Select(vm => GrainFactory.Vm(vm).Place()));
        var gone = known.Zip(places).Where(pair => pair.Second is not { } place || GrainKeys.HostKey(place) != this.GetPrimaryKeyString())
            .Select(pair => pair.First).ToList();
        await Put(state.State.Vms.Except(gone));
        return [.. known.Except(gone)];
    }

    private async Task Put(ImmutableSortedSet<VmRef> vms)
    {
        if (!ReferenceEquals(vms, state.State.Vms))
        {
            state.State.Vms = vms;
            await state.WriteStateAsync();
        }
    }

    /// <summary>What is stored of a host.</summary>
    public sealed class Stored
    {
        /// <summary>The VMs that may be here.</summary>
        public ImmutableSortedSet<VmRef> Vms { get; set; } = [];
    }
}
