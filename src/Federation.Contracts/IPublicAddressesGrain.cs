using System.Collections.Immutable;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;

namespace Federation.Contracts;

/// <summary>The public addresses that gateways own, each unique in the federation; there is one grain.</summary>
[Alias("Federation.IPublicAddressesGrain")]
public interface IPublicAddressesGrain : IGrainWithIntegerKey
{
    /// <summary>Gives an incarnation's VMs the addresses that they wish for, and takes back those that they wish for no more. Asked again, each keeps what it has.</summary>
    /// <param name="application">The incarnation.</param>
    /// <param name="wishes">What its VMs wish for; none: all is given back.</param>
    [Alias("Ask")]
    Task<PublicGrant> Ask(AppId application, ImmutableSortedDictionary<VmId, PublicWish> wishes);
}

/// <summary>What an application's VMs get.</summary>
/// <param name="Answers">The address of each VM that wishes for one, or why it gets none.</param>
/// <param name="Gateways">The gateways that own all of these addresses, by name.</param>
[GenerateSerializer, Immutable, Alias("Federation.PublicGrant")]
public sealed record PublicGrant([property: Id(0)] ImmutableSortedDictionary<VmId, PublicAnswer> Answers, [property: Id(1)] ImmutableArray<GatewayStatus> Gateways);

/// <summary>A host that is a gateway.</summary>
/// <param name="Host">The host's name at its site.</param>
/// <param name="Network">How it is reached, and what it owns.</param>
[GenerateSerializer, Immutable, Alias("Federation.GatewayStatus")]
public sealed record GatewayStatus([property: Id(0)] VtepId Host, [property: Id(1)] HostNetwork Network);
