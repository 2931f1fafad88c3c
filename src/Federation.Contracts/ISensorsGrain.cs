using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Orleans.Concurrency;

namespace Federation.Contracts;

/// <summary>The sensors that have a token; there is one grain.</summary>
[Alias("Federation.ISensorsGrain")]
public interface ISensorsGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a sensor known; a token that it had before is worth nothing from now on.</summary>
    /// <exception cref="AccessDeniedException">The caller does not administrate the place's site.</exception>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("Register")]
    Task<SensorChange> Register(string sensor, HostPlace place, string tokenHash);

    /// <summary>A sensor; null if there is none of this name.</summary>
    [Alias("Find"), AlwaysInterleave]
    Task<SensorRecord?> Find(string sensor);

    /// <summary>Those that the caller sees, by name.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor)]
    [Alias("List")]
    Task<ImmutableArray<SensorRecord>> List();

    /// <summary>Forgets a sensor, its token with it; false if there is none of this name at a site of the caller.</summary>
    [OpenTo(Role.SiteAdmin, Changes = true)]
    [Alias("Remove")]
    Task<bool> Remove(string sensor);
}

/// <summary>A sensor that has a token.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="Place">Its host.</param>
/// <param name="TokenHash">SHA-256 of its token, in hexadecimal digits.</param>
/// <param name="CreatedAt">When the token was made.</param>
[GenerateSerializer, Immutable, Alias("Federation.SensorRecord")]
public sealed record SensorRecord(
    [property: Id(0)] string Sensor, [property: Id(1)] HostPlace Place, [property: Id(2)] string TokenHash, [property: Id(3)] DateTimeOffset CreatedAt);

/// <summary>What came of the wish to make a sensor known.</summary>
/// <param name="Sensor">The sensor; null: it was refused.</param>
/// <param name="Refused">Why; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.SensorChange")]
public sealed record SensorChange([property: Id(0)] SensorRecord? Sensor, [property: Id(1)] string? Refused) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Refused;
}
