using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Applications;
using Federation.Grains.Access;

namespace Federation.Grains;

/// <inheritdoc cref="ISensorsGrain"/>
public sealed class SensorsGrain(
    [PersistentState("sensors", GrainStateSerializer.StorageName)] IPersistentState<SensorsGrain.Stored> state,
    EventRecorder events,
    TimeProvider clock) : Grain, ISensorsGrain
{
    /// <inheritdoc/>
    public async Task<SensorChange> Register(string sensor, HostPlace place, string tokenHash)
    {
        if (!CallerContext.Current.Administrates(place.Site))
        {
            throw new AccessDeniedException($"only an administrator of {place.Site} makes its sensors known");
        }

        if (SensorName.FaultOf(sensor) is { } fault)
        {
            return new(null, fault);
        }

        // A name that another site's sensor has is taken.
        if (state.State.Sensors.TryGetValue(sensor, out var known) && !CallerContext.Current.Administrates(known.Place.Site))
        {
            return new(null, $"there is a sensor '{sensor}' at another site: give it another name");
        }

        var record = new SensorRecord(sensor, place, tokenHash, clock.GetUtcNow());
        state.State.Sensors = state.State.Sensors.SetItem(sensor, record);
        await this.Store(state);
        await events.Record("sensor.registered", $"sensor {sensor} has a new token, for the VMs on {place}", site: place.Site);
        return new(record, null);
    }

    /// <inheritdoc/>
    public Task<SensorRecord?> Find(string sensor) => Task.FromResult(state.State.Sensors.GetValueOrDefault(sensor));

    /// <inheritdoc/>
    public Task<ImmutableArray<SensorRecord>> List()
    {
        var caller = CallerContext.Current;
        return Task.FromResult(state.State.Sensors.Values.Where(record => caller.SeesAll || caller.Administrates(record.Place.Site)).ToImmutableArray());
    }

    /// <inheritdoc/>
    public async Task<bool> Remove(string sensor)
    {
        if (!state.State.Sensors.TryGetValue(sensor, out var record) || !CallerContext.Current.Administrates(record.Place.Site))
        {
            return false;
        }

        state.State.Sensors = state.State.Sensors.Remove(sensor);
        await this.Store(state);
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
