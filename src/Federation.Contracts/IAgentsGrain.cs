using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>The hosts whose agents have a token; there is one grain.</summary>
[Alias("Federation.IAgentsGrain")]
public interface IAgentsGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a host's agent known; a token that it had before is worth nothing from now on.</summary>
    /// <exception cref="AccessDeniedException">The caller does not administrate the host's site.</exception>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("Register")]
    Task<AgentChange> Register(HostPost host, string tokenHash);

    /// <summary>A host's agent; null if it has no token.</summary>
    [Alias("Find"), AlwaysInterleave]
    Task<AgentRecord?> Find(HostPost host);

    /// <summary>Those that the caller sees, by site and name.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor)]
    [Alias("List")]
    Task<ImmutableArray<AgentRecord>> List();

    /// <summary>Forgets a host's agent, its token with it; false if there is none at a site of the caller.</summary>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("Remove")]
    Task<bool> Remove(HostPost host);
}

/// <summary>A host whose agent has a token.</summary>
/// <param name="Host">The host.</param>
/// <param name="TokenHash">SHA-256 of its token, in hexadecimal digits.</param>
/// <param name="CreatedAt">When the token was made.</param>
[GenerateSerializer, Immutable, Alias("Federation.AgentRecord")]
public sealed record AgentRecord([property: Id(0)] HostPost Host, [property: Id(1)] string TokenHash, [property: Id(2)] DateTimeOffset CreatedAt);

/// <summary>What came of the wish to make a host's agent known.</summary>
/// <param name="Agent">The agent; null: it was refused.</param>
/// <param name="Refused">Why; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.AgentChange")]
public sealed record AgentChange([property: Id(0)] AgentRecord? Agent, [property: Id(1)] string? Refused) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused;
}
