using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Applications;

namespace Federation.Grains;

/// <inheritdoc cref="ISensorsGrain"/>
public sealed class SensorsGrain(
    [PersistentState("sensors", GrainStateSerializer.StorageName)] IPersistentState<SensorsGrain.Stored> state,
    EventRecorder events,
    TimeProvider clock) : Grain, ISensorsGrain
{
    /// <inheritdoc/>
    public async Task<SensorRecord> Register(string sensor, HostPlace place, string tokenHash)
    {
        var record = new SensorRecord(sensor, place, tokenHash, clock.GetUtcNow());
        state.State.Sensors = state.State.Sensors.SetItem(sensor, record);
        await state.WriteStateAsync();
        await events.Record("sensor.registered", $"sensor {sensor} has a new token, for the VMs on {place}", site: place.Site);
        return record;
    }

    /// <inheritdoc/>
    public Task<SensorRecord?> Find(string sensor) => Task.FromResult(state.State.Sensors.GetValueOrDefault(sensor));

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorRecord>> List() => Task.FromResult(state.State.Sensors.Values.ToImmutableArray());

    /// <inheritdoc/>
    public async Task<bool> Remove(string sensor)
    {
        if (!state.State.Sensors.TryGetValue(sensor, out var record))
        {
            return false;
        }

        state.State.Sensors = state.State.Sensors.Remove(sensor);
        await state.WriteStateAsync();
        await events.Record("sensor.removed", $"sensor {sensor} is known no more", site: record.Place.Site);
        return true;
    }

    /// <summary>What is stored.</summary>
    public sealed class Stored
    {
        /// <summary>The sensors, by name.</summary>
        public ImmutableSortedDictionary<string, SensorRecord> Sensors { get; set; } =
            ImmutableSortedDictionary.Create<string, SensorRecord>(StringComparer.Ordinal);
    }
}
