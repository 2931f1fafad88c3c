using System.Text.Json.Serialization;

namespace Federation.Api;

/// <summary>The network of an application.</summary>
/// <param name="Application">Whose.</param>
/// <param name="Number">Its number on the wire (VNI); null: it has no network, as none of its VMs is at a host of the overlay.</param>
/// <param name="Mtu">The longest packet of its VMs, bytes.</param>
/// <param name="Subnet">The range from which VMs that name no address get one, as <c>10.42.0.0/16</c>.</param>
/// <param name="Revision">Counts its changes.</param>
/// <param name="Interfaces">The interfaces of its VMs that are somewhere, by VM and number.</param>
/// <param name="Hosts">The hosts that have, had or expect one of its VMs, and its gateways, by name.</param>
/// <param name="Leaving">Hosts that are of it no more and have not said yet that nothing of it is left there.</param>
public sealed record NetworkDocument(
    string Application, int? Number, int Mtu, string? Subnet, long Revision, NetworkInterfaceDocument[] Interfaces, NetworkHostDocument[] Hosts, string[] Leaving)
{
    /// <summary>How frames go between its hosts where they are encrypted; between others they go directly, as they are.</summary>
    public NetworkPathDocument[] Paths { get; init; } = [];

    /// <summary>How it is reached from outside; null: not at all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NetworkGatewayDocument? Gateway { get; init; }

    /// <summary>Why VMs have no public address that wish for one, and gateways are not used; empty: nothing stands against it.</summary>
    public string[] Unreached { get; init; } = [];

    /// <summary>Machines of users on it, by name.</summary>
    public NetworkClientDocument[] Clients { get; init; } = [];
}

/// <summary>A machine of a user on an application's network.</summary>
/// <param name="Client">Its name.</param>
/// <param name="Mac">The hardware address of its interface.</param>
/// <param name="Addresses">Its addresses on the network: its own, then those of machines behind it.</param>
/// <param name="Below">Its address on the network below, by which hosts know it.</param>
/// <param name="JoinedAt">When it was let in.</param>
/// <param name="IsThere">Whether it is on the network: its agent is heard of, and was taken.</param>
/// <param name="HeardAt">When its agent was last heard of; null: not for as long as is known.</param>
/// <param name="From">Where its agent asks from, as the service sees that; null: it is not known.</param>
/// <param name="Relays">The relays that it hears.</param>
/// <param name="Refused">Why it is not taken; null: nothing stands against it.</param>
public sealed record NetworkClientDocument(
    string Client,
    string Mac,
    string[] Addresses,
    string Below,
    DateTimeOffset JoinedAt,
    bool IsThere,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? HeardAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From,
    string[] Relays,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Refused);

/// <summary>A client that was let in.</summary>
/// <param name="Application">Whose network it may join.</param>
/// <param name="Client">Its name.</param>
/// <param name="Mac">The hardware address of its interface.</param>
/// <param name="Addresses">Its addresses on the network: its own, then those of machines behind it.</param>
/// <param name="CreatedAt">When its token was made.</param>
/// <param name="Token">Its agent's token.</param>
public sealed record ClientTokenDocument(string Application, string Client, string Mac, string[] Addresses, DateTimeOffset CreatedAt, string Token);

/// <summary>How an application's network is reached from outside.</summary>
/// <param name="Active">The gateway that has its VMs' public addresses, as <c>rennes/gate1</c>.</param>
/// <param name="Standbys">The gateways that would take over from it.</param>
/// <param name="Router">The address on the network by which VMs reach the outside.</param>
/// <param name="Publics">The public addresses.</param>
public sealed record NetworkGatewayDocument(string Active, string[] Standbys, string Router, NetworkPublicDocument[] Publics);

/// <summary>A public address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Vm">The VM that it leads to.</param>
public sealed record NetworkPublicDocument(string Address, string Vm);

/// <summary>How frames go from one host of a network to another.</summary>
/// <param name="From">The one, as <c>rennes/host1</c>.</param>
/// <param name="To">The other.</param>
/// <param name="Path">How: <c>direct</c> (encrypted), <c>relay</c>, <c>plain</c> (directly, as they are) or <c>none</c> (not at all).</param>
/// <param name="Relay">By which relay; null: by none.</param>
/// <param name="Why">Why so, in a word.</param>
/// <param name="Reason">Why so, in words.</param>
/// <param name="BytesPerSecond">Encrypted traffic between the two in the last whole window, both directions, of all networks; null: the caller does not see all tenants.</param>
/// <param name="Since">Since when.</param>
public sealed record NetworkPathDocument(
    string From,
    string To,
    string Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Relay,
    string Why,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? BytesPerSecond,
    DateTimeOffset Since);

/// <summary>An interface of a VM on its application's network.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Nic">The interface's number, from 0.</param>
/// <param name="Mac">Its hardware address.</param>
/// <param name="Addresses">Its IP addresses, also one that it was given.</param>
/// <param name="Host">The host that owns the VM, as <c>rennes/host1</c>.</param>
/// <param name="Next">The host that a move takes it to; null: it does not move.</param>
/// <param name="SendingOn">Hosts that had it before and send on what still arrives.</param>
public sealed record NetworkInterfaceDocument(
    string Vm, int Nic, string Mac, string[] Addresses, string Host, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next, string[] SendingOn);

/// <summary>A host of an application's network.</summary>
/// <param name="Host">The host, as <c>rennes/host1</c>.</param>
/// <param name="Address">Its address on the network below.</param>
/// <param name="Mtu">The longest packet there, bytes.</param>
/// <param name="Acknowledged">The revision that it has in force, as far as is known; 0: nothing is known.</param>
/// <param name="Due">The revision that it has to have: what concerns other hosts alone is not waited for.</param>
/// <param name="BehindSince">Since when it has an older one than that; null: it has not.</param>
public sealed record NetworkHostDocument(
    string Host, string Address, int Mtu, long Acknowledged, long Due, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? BehindSince);
