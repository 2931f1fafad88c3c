using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;

namespace Federation.Contracts;

/// <summary>The network of one incarnation of an application: where each interface of its VMs is, as desired state that its hosts acknowledge.</summary>
[Alias("Federation.ISegmentGrain")]
public interface ISegmentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes over where a VM is, by its record. Told again, or late, nothing changes. With a wait: returns once the host has all that the VM needs there.
    /// </summary>
    /// <param name="placement">Where it is.</param>
    /// <param name="wait">How long to wait for the host, up to 20 s; zero: not at all.</param>
    /// <returns>A no: the host cannot be of the network, an address is taken, or the host has not acknowledged it in time. A host without the overlay needs nothing.</returns>
    [Alias("Placed")]
    Task<Verdict> Placed(SegmentPlacement placement, TimeSpan wait);

    /// <summary>
    /// A move of a VM is to begin. Returns once both its hosts have acknowledged it: frames never run in a circle between them then. Asked again, it is waited for again.
    /// It is over with the next <see cref="Placed"/> of a higher epoch, wherever that is, or with <see cref="Unexpect"/>.
    /// </summary>
    /// <param name="placement">Where the VM is, and the move's epoch.</param>
    /// <param name="next">The host that it goes to.</param>
    /// <param name="wait">How long to wait for the hosts, up to 20 s.</param>
    /// <returns>A no: the hosts have not acknowledged it in time, one is not on the overlay and the other is, or the new one's packets are too short.</returns>
    [Alias("Expect")]
    Task<Verdict> Expect(SegmentPlacement placement, HostPost next, TimeSpan wait);

    /// <summary>A move of a VM is taken back before anything of it was begun. One that was begun is over with the VM's next epoch.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="epoch">The move's epoch.</param>
    [Alias("Unexpect")]
    Task Unexpect(VmId vm, long epoch);

    /// <summary>A VM is of the application no more: its addresses are free.</summary>
    [Alias("Forget")]
    Task Forget(VmId vm);

    /// <summary>The application is gone: its hosts are to have nothing of it, and once all have said so its number is free.</summary>
    [Alias("Delete")]
    Task Delete();

    /// <summary>A host has a revision in force, and asks for what is new.</summary>
    /// <param name="host">The host.</param>
    /// <param name="known">The revision; 0: it has something, and asks for all; null: it has nothing.</param>
    /// <param name="network">How the host is reached by now; null: nothing is known of that.</param>
    /// <returns>Null: nothing that concerns the host.</returns>
    [Alias("News")]
    Task<SegmentUpdate?> News(VtepId host, long? known, HostNetwork? network);

    /// <summary>The network as it stands, for those who see its application; null: it has none, as no VM is at a host of the overlay.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Get")]
    Task<SegmentStatus?> Get();

    /// <summary>How frames go between the network's hosts where they are encrypted, as these tell, for those who see its application; what is sent there in all is for those who see all tenants.</summary>
    [OpenTo(Role.Tenant, Role.Auditor)]
    [Alias("Paths")]
    Task<ImmutableArray<SegmentPath>> Paths();

    /// <summary>The addresses that VMs were given as they name none.</summary>
    [Alias("Given")]
    Task<ImmutableSortedDictionary<VmId, ImmutableArray<Address>>> Given();

    /// <summary>Told by the application that its VMs may wish for other public addresses than before.</summary>
    [Alias("Rewished")]
    Task Rewished();

    /// <summary>The public address of each VM that wishes for one, or why it has none.</summary>
    [Alias("Publics")]
    Task<ImmutableSortedDictionary<VmId, PublicAnswer>> Publics();

    /// <summary>Lets a machine of a user in.</summary>
    /// <param name="name">What it is to be called.</param>
    /// <param name="addresses">The IPv4 addresses that it is to have on the network; none: it gets one.</param>
    /// <param name="tokenHash">SHA-256 of its token, in hexadecimal digits.</param>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Admit")]
    Task<ClientChange> Admit(string name, ImmutableArray<Address> addresses, string tokenHash);

    /// <summary>Takes a machine of a user off, its token with it; false: there is none of that name.</summary>
    [OpenTo(Role.Tenant, Changes = true)]
    [Alias("Dismiss")]
    Task<bool> Dismiss(string name);

    /// <summary>A client; null: there is none of that name.</summary>
    [Alias("Client")]
    Task<SegmentClient?> Client(string name);

    /// <summary>A client is there, and reached so.</summary>
    /// <returns>A no: its packets are too short, or there is none of that name.</returns>
    [Alias("Attached")]
    Task<Verdict> Attached(string name, HostNetwork network);
}

/// <summary>What came of the wish to let a client in.</summary>
/// <param name="Client">The client; null: it was refused.</param>
/// <param name="Mac">The hardware address of its interface; null: it was refused.</param>
/// <param name="Reason">Why; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.ClientChange")]
public sealed record ClientChange([property: Id(0)] SegmentClient? Client, [property: Id(1)] Address? Mac, [property: Id(2)] Refusal? Reason) : IChangeAnswer
{
    string? IChangeAnswer.Refusal => Reason is { } refusal ? RefusalText.Of(refusal) : null;
}

/// <summary>Where a VM is, for its network.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="At">The host that owns it; null: it runs nowhere, or its site has no hosts.</param>
/// <param name="Epoch">Its newest epoch.</param>
/// <param name="Nics">Its interfaces, as it was started.</param>
[GenerateSerializer, Immutable, Alias("Federation.SegmentPlacement")]
public sealed record SegmentPlacement(
    [property: Id(0)] VmRef Vm, [property: Id(1)] HostPost? At, [property: Id(2)] long Epoch, [property: Id(3)] ImmutableArray<GuestNic> Nics);

/// <summary>A network as it stands.</summary>
/// <param name="Segment">What its hosts should have.</param>
/// <param name="Hosts">Its hosts, by name.</param>
/// <param name="Leaving">Hosts that are of it no more and have not said yet that nothing is left there.</param>
[GenerateSerializer, Immutable, Alias("Federation.SegmentStatus")]
public sealed record SegmentStatus(
    [property: Id(0)] Segment Segment, [property: Id(1)] ImmutableArray<SegmentHostStatus> Hosts, [property: Id(2)] ImmutableArray<VtepId> Leaving)
{
    /// <summary>Why VMs have no public address that wish for one, and gateways are not used.</summary>
    [Id(3)]
    public ImmutableArray<Refusal> Unreached { get; init; } = [];

    /// <summary>Machines of users on it, by name.</summary>
    [Id(4)]
    public ImmutableArray<ClientStatus> Clients { get; init; } = [];
}

/// <summary>A client of a network.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Client">What is kept of it.</param>
/// <param name="Mac">The hardware address of its interface.</param>
/// <param name="Standing">How it is, as its agent told last.</param>
/// <param name="Refused">Why it is not on the network although it is there; null: nothing stands against it.</param>
[GenerateSerializer, Immutable, Alias("Federation.ClientStatus")]
public sealed record ClientStatus(
    [property: Id(0)] string Name, [property: Id(1)] SegmentClient Client, [property: Id(2)] Address Mac, [property: Id(3)] ClientStanding Standing, [property: Id(4)] Refusal? Refused);

/// <summary>A host of a network.</summary>
/// <param name="Host">The host.</param>
/// <param name="Network">How it is reached.</param>
/// <param name="Acknowledged">The revision that it has in force, as far as is known; 0: nothing is known.</param>
/// <param name="Due">The revision that it has to have.</param>
/// <param name="BehindSince">Since when it has an older one than that; null: it has not.</param>
[GenerateSerializer, Immutable, Alias("Federation.SegmentHostStatus")]
public sealed record SegmentHostStatus(
    [property: Id(0)] VtepId Host, [property: Id(1)] HostNetwork Network, [property: Id(2)] long Acknowledged, [property: Id(3)] long Due, [property: Id(4)] DateTimeOffset? BehindSince);

/// <summary>How frames go from one host of a network to another.</summary>
/// <param name="From">The one.</param>
/// <param name="Path">The way to the other.</param>
[GenerateSerializer, Immutable, Alias("Federation.SegmentPath")]
public sealed record SegmentPath([property: Id(0)] VtepId From, [property: Id(1)] PeerPath Path);
