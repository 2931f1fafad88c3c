using Federation.Contracts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <inheritdoc cref="ISegmentNumbersGrain"/>
public sealed class SegmentNumbersGrain(
    [PersistentState("segment numbers", GrainStateSerializer.StorageName)] IPersistentState<SegmentNumbersGrain.Stored> state) : Grain, ISegmentNumbersGrain
{
    /// <inheritdoc/>
    public async Task<int> Take(AppId application)
    {
        await Put(state.State.Numbers.Take(application));
        return state.State.Numbers.Taken[application];
    }

    /// <inheritdoc/>
    public Task GiveBack(AppId application) => Put(state.State.Numbers.GiveBack(application));

    private async Task Put(SegmentNumbers next)
    {
        if (!ReferenceEquals(next, state.State.Numbers))
        {
            state.State.Numbers = next;
            await this.Store(state);
        }
    }

    /// <summary>What is stored.</summary>
    public sealed class Stored
    {
        /// <summary>The numbers.</summary>
        public SegmentNumbers Numbers { get; set; } = new();
    }
}
