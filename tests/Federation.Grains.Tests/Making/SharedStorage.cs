using System.Collections.Concurrent;
using Orleans.Storage;

namespace Federation.Grains.Tests.Making;

/// <summary>Grain state in memory that outlives the silos of a test cluster, as a database does; a write over a newer state is refused.</summary>
internal sealed class SharedStorage : IGrainStorage
{
    private readonly GrainStateSerializer serializer = new();
    private readonly ConcurrentDictionary<(string, GrainId), (BinaryData Data, string Version)> states = new();
    private readonly ConcurrentDictionary<string, bool> faults = [];
    private volatile HeldWrite? held;

    /// <summary>The next write of states of a name fails: the database went away before it, or after it and before it could say so.</summary>
    public void Fail(string stateName, bool afterIt) => faults[stateName] = afterIt;

    /// <summary>No write fails any more.</summary>
    public void Mend() => faults.Clear();

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

    /// <summary>How many states of a name there are.</summary>
    public int Count(string stateName) => states.Keys.Count(key => key.Item1 == stateName);

    /// <summary>Holds the next write of a state that a test names until it lets it go.</summary>
    public HeldWrite Hold(Func<object, bool> which) => held = new(which);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (states.TryGetValue((stateName, grainId), out var stored))
        {
            grainState.State = serializer.Deserialize<T>(stored.Data);
            (grainState.ETag, grainState.RecordExists) = (stored.Version, true);
        }
        else
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (held is { } write && write.IsMeant(grainState.State!))
        {
            held = null;
            await write.Come();
        }

        var (fails, after) = faults.TryRemove(stateName, out var afterIt) ? (true, afterIt) : (false, false);
        lock (states)
        {
            Check(stateName, grainId, grainState.ETag);
            if (fails && !after)
            {
                throw new IOException($"{stateName} of {grainId} was not written");
            }

            var version = Guid.NewGuid().ToString();
            states[(stateName, grainId)] = (serializer.Serialize(grainState.State), version);
            if (fails)
            {
                throw new IOException($"{stateName} of {grainId} was written, the answer got lost");
            }

            (grainState.ETag, grainState.RecordExists) = (version, true);
        }
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

/// <summary>A write that waits: whoever writes is at that point until a test lets it go.</summary>
internal sealed class HeldWrite(Func<object, bool> which)
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when somebody has come to it.</summary>
    public Task Reached => reached.Task;

    /// <summary>Lets it be written.</summary>
    public void Release() => released.SetResult();

    public bool IsMeant(object state) => which(state);

    public Task Come()
    {
        reached.SetResult();
        return released.Task;
    }
}
