using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Applications;

namespace Federation.Contracts;

/// <summary>The sensors that have a token; there is one grain.</summary>
[Alias("Federation.ISensorsGrain")]
public interface ISensorsGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a sensor known; a token that it had before is worth nothing from now on.</summary>
    [OpenTo(Role.SiteAdmin)]
    [Alias("Register")]
    Task<SensorRecord> Register(string sensor, HostPlace place, string tokenHash);

    /// <summary>A sensor; null if there is none of this name.</summary>
    [OpenTo(Role.SiteAdmin)]
    [Alias("Find")]
    Task<SensorRecord?> Find(string sensor);

    /// <summary>All of them, by name.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor)]
    [Alias("List")]
    Task<ImmutableArray<SensorRecord>> List();

    /// <summary>Forgets a sensor, its token with it; false if there is none of this name.</summary>
    [OpenTo(Role.SiteAdmin)]
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
