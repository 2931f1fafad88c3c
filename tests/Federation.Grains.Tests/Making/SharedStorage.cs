using System.Collections.Concurrent;
using Orleans.Storage;

namespace Federation.Grains.Tests.Making;

/// <summary>Grain state in memory that outlives the silos of a test cluster, as a database does; a write over a newer state is refused.</summary>
internal sealed class SharedStorage : IGrainStorage
{
    private readonly GrainStateSerializer serializer = new();
    private readonly ConcurrentDictionary<(string, GrainId), (BinaryData Data, string Version)> states = new();

    /// <summary>Copies all of it, as a backup does; the answer brings it back.</summary>
    public Action Backup()
    {
        var copy = states.ToArray();
        return () =>
        {
            lock (states)
            {
                states.Clear();
                foreach (var (key, entry) in copy)
                {
                    states[key] = entry;
                }
            }
        };
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (states.TryGetValue((stateName, grainId), out var stored))
        {
            grainState.State = serializer.Deserialize<T>(stored.Data);
            (grainState.ETag, grainState.RecordExists) = (stored.Version, true);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (states)
        {
            Check(stateName, grainId, grainState.ETag);
            grainState.ETag = Guid.NewGuid().ToString();
            grainState.RecordExists = true;
            states[(stateName, grainId)] = (serializer.Serialize(grainState.State), grainState.ETag);
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (states)
        {
            Check(stateName, grainId, grainState.ETag);
            states.TryRemove((stateName, grainId), out _);
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        }

        return Task.CompletedTask;
    }

    private void Check(string stateName, GrainId grainId, string? version)
    {
        var stored = states.TryGetValue((stateName, grainId), out var entry) ? entry.Version : null;
        if (stored != version)
        {
            throw new InconsistentStateException($"{grainId} was written by another", stored, version);
        }
    }
}
