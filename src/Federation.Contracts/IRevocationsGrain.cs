using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>Tokens of the built-in issuer that were taken back before they end; there is one grain.</summary>
[Alias("Federation.IRevocationsGrain")]
public interface IRevocationsGrain : IGrainWithIntegerKey
{
    /// <summary>Takes a token back; does nothing more if it was before.</summary>
    [OpenTo(Changes = true)]
    [Alias("Revoke")]
    Task<RevokedToken> Revoke(RevokedToken token);

    /// <summary>All of them that could still be good, oldest first.</summary>
    [OpenTo(Role.Auditor)]
    [Alias("List")]
    Task<ImmutableArray<RevokedToken>> List();

    /// <summary>The identifiers of all of them, unless that is known already.</summary>
    /// <param name="known">The stamp of what is known; empty: nothing is.</param>
    [Alias("Since"), AlwaysInterleave]
    Task<RevokedIds> Since(Guid known);
}

/// <summary>A token that was taken back.</summary>
/// <param name="Id">Its identifier (<c>jti</c>).</param>
/// <param name="By">Who took it back.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why; may be empty.</param>
[GenerateSerializer, Immutable, Alias("Federation.RevokedToken")]
public sealed record RevokedToken(
    [property: Id(0)] string Id, [property: Id(1)] string By, [property: Id(2)] DateTimeOffset At, [property: Id(3)] string Reason);

/// <summary>Identifiers of revoked tokens.</summary>
/// <param name="Stamp">Another one after each change.</param>
/// <param name="Ids">All of them; null: nothing has changed since the stamp that was known.</param>
[GenerateSerializer, Immutable, Alias("Federation.RevokedIds")]
public sealed record RevokedIds([property: Id(0)] Guid Stamp, [property: Id(1)] ImmutableArray<string>? Ids);
