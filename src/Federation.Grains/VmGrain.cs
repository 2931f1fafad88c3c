using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;

namespace Federation.Grains;

/// <inheritdoc cref="IVmGrain"/>
public sealed class VmGrain(
    [PersistentState("vm", GrainStateSerializer.StorageName)] IPersistentState<VmGrain.Stored> state,
    ITrafficStore store) : Grain, IVmGrain
{
    // What planning and group detection ask for; older windows are read from the store when somebody wants them.
    private const int WindowsInMemory = 20;

    private readonly SortedDictionary<Window, SortedDictionary<string, WindowReport>> recent = [];

    private VmRef Ref => VmRef.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await store.LatestWindow(Ref.Application, cancellationToken) is { } latest)
        {
            Keep(await store.ReadParts(Ref.Application, Ref.Vm, latest.Shift(1 - WindowsInMemory), latest, cancellationToken));
        }
    }

    /// <inheritdoc/>
    public Task Take(ImmutableArray<SensorPart> parts)
    {
        Keep(parts);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<WindowReport>> Windows(Window first, Window last)
    {
        // A full memory may have forgotten windows before its oldest; one that is not full has forgotten none that it was given,
        // but a late one may be older than what it was filled with.
        var oldest = recent.Count > 0 ? recent.Keys.First() : last.Next;
        return first.CompareTo(oldest) >= 0
            ? [.. recent.Where(window => window.Key.CompareTo(first) >= 0 && window.Key.CompareTo(last) <= 0)
                .Select(window => SensorPart.Sum(window.Value.Values))]
            : [.. (await store.ReadParts(Ref.Application, Ref.Vm, first, last, CancellationToken.None))
                .GroupBy(part => part.Report.Window, part => part.Report).Select(parts => SensorPart.Sum([.. parts]))];
    }

    /// <inheritdoc/>
    public Task<VmStatus> Status() =>
        Task.FromResult(new VmStatus(state.State.At, state.State.Epoch, recent.Count > 0 ? recent.Keys.Last() : null));

    /// <inheritdoc/>
    public async Task<long> NextEpoch(string reason)
    {
        if (state.State.EpochReason != reason)
        {
            state.State.Epoch++;
            state.State.EpochReason = reason;
            await state.WriteStateAsync();
        }

        return state.State.Epoch;
    }

    /// <inheritdoc/>
    public async Task Locate(Location? at, long epoch)
    {
        if (epoch < state.State.Epoch || at == state.State.At)
        {
            return;
        }

        state.State.At = at;
        await state.WriteStateAsync();
    }

    private void Keep(ImmutableArray<SensorPart> parts)
    {
        foreach (var (sensor, report) in parts)
        {
            var window = recent.TryGetValue(report.Window, out var known) ? known : recent[report.Window] = [];
            window.TryAdd(sensor, report);
        }

        while (recent.Count > WindowsInMemory)
        {
            recent.Remove(recent.Keys.First());
        }
    }

    /// <summary>What is stored of a VM. Its windows are in the traffic store.</summary>
    public sealed class Stored
    {
        /// <summary>Where it runs; null: nowhere.</summary>
        public Location? At { get; set; }

        /// <summary>Counts what was done to it.</summary>
        public long Epoch { get; set; }

        /// <summary>What the newest epoch was given out for.</summary>
        public string? EpochReason { get; set; }
    }
}
