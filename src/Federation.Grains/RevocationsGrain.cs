using System.Collections.Immutable;
using Federation.Contracts;

namespace Federation.Grains;

/// <inheritdoc cref="IRevocationsGrain"/>
public sealed class RevocationsGrain(
    [PersistentState("revocations", GrainStateSerializer.StorageName)] IPersistentState<RevocationsGrain.Stored> state,
    TimeProvider clock) : Grain, IRevocationsGrain
{
    // No token is good for longer, so that a revocation that is older says nothing any more.
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(367);

    // Of this activation: whoever knows another one's asks for everything, once.
    private Guid stamp = Guid.NewGuid();

    /// <inheritdoc/>
    public async Task<RevokedToken> Revoke(RevokedToken token)
    {
        if (state.State.Tokens.TryGetValue(token.Id, out var known))
        {
            return known;
        }

        var oldest = clock.GetUtcNow() - LongestLifetime;
        state.State.Tokens = state.State.Tokens.RemoveRange(state.State.Tokens.Values.Where(old => old.At < oldest).Select(old => old.Id)).Add(token.Id, token);
        await this.Store(state);
        stamp = Guid.NewGuid();
        return token;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RevokedToken>> List() => Task.FromResult(state.State.Tokens.Values.OrderBy(token => token.At).ToImmutableArray());

    /// <inheritdoc/>
    public Task<RevokedIds> Since(Guid known) =>
        Task.FromResult(new RevokedIds(stamp, known == stamp ? null : [.. state.State.Tokens.Keys]));

    /// <summary>What is stored.</summary>
    public sealed class Stored
    {
        /// <summary>The tokens, by identifier.</summary>
        public ImmutableSortedDictionary<string, RevokedToken> Tokens { get; set; } =
            ImmutableSortedDictionary.Create<string, RevokedToken>(StringComparer.Ordinal);
    }
}
