using System.Text.Json;
using Federation.Contracts;

namespace Federation.Grains;

/// <inheritdoc cref="IWorldGrain"/>
public sealed class WorldGrain(
    [PersistentState("world", GrainStateSerializer.StorageName)] IPersistentState<WorldGrain.Stored> state) : Grain, IWorldGrain
{
    /// <inheritdoc/>
    public async Task Keep(string json)
    {
        if (state.State.Part is null)
        {
            using var part = JsonDocument.Parse(json);
            state.State.Part = part.RootElement.Clone();
            await this.Store(state);
        }

        // Few worlds are ever looked at again, and each is some kilobytes.
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<string?> Get() => Task.FromResult(state.State.Part?.GetRawText());

    /// <inheritdoc/>
    public Task Forget() => state.RecordExists ? state.ClearStateAsync() : Task.CompletedTask;

    /// <summary>What is stored of a part; it never changes.</summary>
    public sealed class Stored
    {
        /// <summary>The part itself, so that an operator can read it; null: it was not stored.</summary>
        public JsonElement? Part { get; set; }
    }
}
