using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;

namespace Federation.Contracts;

/// <summary>The relays of the federation, and the hosts that may use them; there is one grain.</summary>
/// <remarks>It keeps nothing on disk: the mailboxes of agents tell again what they know, every <see cref="TellEvery"/>.</remarks>
[Alias("Federation.IRelayGrain")]
public interface IRelayGrain : IGrainWithIntegerKey
{
    /// <summary>How often a host is told of at least.</summary>
    static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);

    /// <summary>A host of which nothing is told for so long is there no more.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>A host is a relay, or may use relays.</summary>
    /// <param name="host">The host.</param>
    /// <param name="network">How it is reached.</param>
    /// <param name="heard">The relays that it hears.</param>
    [Alias("Told")]
    Task Told(VtepId host, HostNetwork network, ImmutableArray<VtepId> heard);

    /// <summary>A host is there no more, and nothing is passed on for it from now on.</summary>
    [Alias("Left")]
    Task Left(VtepId host);

    /// <summary>All of them.</summary>
    /// <param name="known">The <see cref="RelayCopy.Stamp"/> of a copy that is there.</param>
    /// <returns>Null: that copy holds. A book of null: the grain has just begun, and cannot have heard of all yet.</returns>
    [Alias("Copy")]
    Task<RelayCopy?> Copy(Guid known);
}

/// <summary>A copy of the relays.</summary>
/// <param name="Stamp">Another one for another book.</param>
/// <param name="Book">The relays; null: nothing is known yet.</param>
[GenerateSerializer, Immutable, Alias("Federation.RelayCopy")]
public sealed record RelayCopy([property: Id(0)] Guid Stamp, [property: Id(1)] RelayBook? Book);
