using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Grains.Access;

namespace Federation.Grains;

/// <inheritdoc cref="IAgentsGrain"/>
public sealed class AgentsGrain(
    [PersistentState("agents", GrainStateSerializer.StorageName)] IPersistentState<AgentsGrain.Stored> state,
    EventRecorder events,
    TimeProvider clock) : Grain, IAgentsGrain
{
    /// <inheritdoc/>
    public async Task<AgentChange> Register(HostPost host, string tokenHash)
    {
        if (!CallerContext.Current.Administrates(host.Site))
        {
            throw new AccessDeniedException($"only an administrator of {host.Site} makes its hosts known");
        }

        if (HostPost.FaultOf(host.Host) is { } fault)
        {
            return new(null, fault);
        }

        var record = new AgentRecord(host, tokenHash, clock.GetUtcNow());
        state.State.Agents = state.State.Agents.SetItem(GrainKeys.HostKey(host.Place), record);
        await this.Store(state);
        await events.Record("host.registered", $"the agent of host {host} has a new token", site: host.Site);
        return new(record, null);
    }

    /// <inheritdoc/>
    public Task<AgentRecord?> Find(HostPost host) => Task.FromResult(state.State.Agents.GetValueOrDefault(GrainKeys.HostKey(host.Place)));

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentRecord>> List()
    {
        var caller = CallerContext.Current;
        return Task.FromResult(state.State.Agents.Values.Where(record => caller.SeesAll || caller.Administrates(record.Host.Site)).ToImmutableArray());
    }

    /// <inheritdoc/>
    public async Task<bool> Remove(HostPost host)
    {
        var key = GrainKeys.HostKey(host.Place);
        if (!state.State.Agents.ContainsKey(key) || !CallerContext.Current.Administrates(host.Site))
        {
            return false;
        }

        state.State.Agents = state.State.Agents.Remove(key);
        await this.Store(state);
        await events.Record("host.removed", $"the agent of host {host} is known no more", site: host.Site);
        return true;
    }

    /// <summary>What is stored.</summary>
    public sealed class Stored
    {
        /// <summary>The agents, by <see cref="GrainKeys.HostKey"/>.</summary>
        public ImmutableSortedDictionary<string, AgentRecord> Agents { get; set; } =
            ImmutableSortedDictionary.Create<string, AgentRecord>(StringComparer.Ordinal);
    }
}
