using System.Collections.Immutable;
using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Domain.Refusals;

namespace Federation.Contracts;

/// <summary>The mailbox of one host's agent: orders in, what the agent tells out. Its key is that of <see cref="GrainKeys.Agent"/>.</summary>
/// <remarks>It keeps nothing on disk: after a crash callers ask again, and the agent answers what it has done from its journal.</remarks>
[Alias("Federation.IAgentGrain")]
public interface IAgentGrain : IGrainWithStringKey
{
    /// <summary>Agent: how the host is. A report that was overtaken by a newer one of the same run changes nothing. Returns when its answers are taken.</summary>
    [OpenTo(Role.Host)]
    [Alias("Report")]
    Task Report(HostReport report);

    /// <summary>Agent: the orders that are not answered yet; waits for one if there is none.</summary>
    /// <param name="mailbox">The mailbox that the agent asked last; another one than this: all orders are new to it.</param>
    /// <param name="after">The last order that it got from there; 0: none.</param>
    /// <param name="wait">How long to wait at most, up to 20 s.</param>
    [OpenTo(Role.Host)]
    [Alias("Orders")]
    Task<HostOrders> Orders(Guid mailbox, long after, TimeSpan wait);

    /// <summary>Agent: news of the networks that its host is of; waits for some if there are none. What it says that it has is acknowledged by that.</summary>
    [OpenTo(Role.Host)]
    [Alias("Segments")]
    Task<SegmentsNews> Segments(SegmentsKnown known);

    /// <summary>Agent: how frames go to other hosts, and which relays it hears; it asks for the relays that there are, and waits for news of them if there are none.</summary>
    [OpenTo(Role.Host)]
    [Alias("Relays")]
    Task<RelayAnswer> Relays(RelayQuestion question);

    /// <summary>Agent of a client: how its machine is reached; tells it what it is.</summary>
    /// <param name="report">How it is reached.</param>
    /// <param name="from">Where it asks from, as the service sees that.</param>
    /// <returns>A no: its packets are too short, or it is a client no more.</returns>
    [OpenTo(Role.Host)]
    [Alias("Attach")]
    Task<ClientAnswer> Attach(ClientReport report, string from);

    /// <summary>A client is one no more: relays are told of it no more.</summary>
    [Alias("Detach")]
    Task Detach();

    /// <summary>How a client is, as its agent told last.</summary>
    [Alias("Standing")]
    Task<ClientStanding> Standing();

    /// <summary>How frames go from the host to others, as its agent told last.</summary>
    [Alias("Paths")]
    Task<ImmutableArray<PeerPath>> Paths();

    /// <summary>Told by a network that it has something to tell the host, or does not know what the host has acknowledged.</summary>
    [Alias("SegmentChanged")]
    Task SegmentChanged(AppId application);

    /// <summary>Agent of a gateway: it holds its public addresses for <see cref="SegmentGateway.Lease"/> from before it asked, unless it asks again.</summary>
    [OpenTo(Role.Host)]
    [Alias("Renew")]
    Task Renew();

    /// <summary>For how long the agent has not asked to hold its public addresses, as far as this mailbox knows.</summary>
    [Alias("Unrenewed")]
    Task<TimeSpan> Unrenewed();

    /// <summary>Orders something and waits for the answer. The same operation, told again meanwhile or later, is done once and has the same answer.</summary>
    /// <param name="order">The order.</param>
    /// <param name="wait">How long to wait at most, up to 20 s: what takes longer is asked for again.</param>
    [Alias("Do")]
    Task<OrderResult> Do(HostOrder order, TimeSpan wait);

    /// <summary>How the host is, as far as its agent has told.</summary>
    [OpenTo(Role.SiteAdmin, Role.Auditor, OwnSite = true)]
    [Alias("Status")]
    Task<AgentStatus> Status();

    /// <summary>The copy of a VM at the host, as soon as more is told of it than the caller knows.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="known">The <see cref="GuestView.Stamp"/> that the caller knows; 0: none.</param>
    /// <param name="wait">How long to wait at most, up to 20 s; then it is as it was.</param>
    [Alias("Watch")]
    Task<GuestView> Watch(VmRef vm, long known, TimeSpan wait);
}

/// <summary>What a client's agent is told.</summary>
/// <param name="Post">What it is; null: it was refused.</param>
/// <param name="Refused">Why; null: it was not.</param>
[GenerateSerializer, Immutable, Alias("Federation.ClientAnswer")]
public sealed record ClientAnswer([property: Id(0)] ClientPost? Post, [property: Id(1)] Refusal? Refused);

/// <summary>How a client is, as its agent told last.</summary>
/// <param name="IsHeard">Whether it was heard of within <see cref="AgentStatus.LongestSilence"/>.</param>
/// <param name="HeardAt">When it was last heard of; null: not since its mailbox is open.</param>
/// <param name="From">Where it asked from; null: nothing is known of that.</param>
/// <param name="Relays">The relays that it hears.</param>
[GenerateSerializer, Immutable, Alias("Federation.ClientStanding")]
public sealed record ClientStanding(
    [property: Id(0)] bool IsHeard, [property: Id(1)] DateTimeOffset? HeardAt, [property: Id(2)] string? From, [property: Id(3)] ImmutableArray<VtepId> Relays);

/// <summary>What came of an order within the time that was given.</summary>
/// <param name="Answer">The agent's answer; null: none came.</param>
/// <param name="WasHandedOut">Without an answer: whether the agent may have the order, and do it yet. Otherwise it was taken back and is not done.</param>
[GenerateSerializer, Immutable, Alias("Federation.OrderResult")]
public sealed record OrderResult([property: Id(0)] HostAnswer? Answer, [property: Id(1)] bool WasHandedOut);

/// <summary>A host, as its agent told last.</summary>
/// <param name="Report">Its newest report; null: none came since the mailbox is open.</param>
/// <param name="ReportedAt">When that came.</param>
/// <param name="HeardAt">When the agent was last heard of, by a report or a question for orders; null: not since the mailbox is open.</param>
/// <param name="OpenedAt">Since when the mailbox is open.</param>
/// <param name="IsHeard">Whether it was heard of within <see cref="LongestSilence"/>.</param>
[GenerateSerializer, Immutable, Alias("Federation.AgentStatus")]
public sealed record AgentStatus(
    [property: Id(0)] HostReport? Report,
    [property: Id(1)] DateTimeOffset? ReportedAt,
    [property: Id(2)] DateTimeOffset? HeardAt,
    [property: Id(3)] DateTimeOffset OpenedAt,
    [property: Id(4)] bool IsHeard)
{
    /// <summary>An agent reports every 10 s and asks for orders all the time: one that is silent for longer is not there, or cut off.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);
}

/// <summary>A VM at a host, as the host's agent told last.</summary>
/// <param name="Guest">The copy there; null: there is none, or nothing was told yet (<see cref="ReportedAt"/>).</param>
/// <param name="Stamp">Changes with what is told of the VM; never 0.</param>
/// <param name="ReportedAt">When the newest report came; null: none came since the mailbox is open.</param>
/// <param name="IsHeard">As <see cref="AgentStatus.IsHeard"/>.</param>
/// <param name="Boot">Which run of the host it is, see <see cref="HostFacts.Boot"/>; null: nothing was told yet.</param>
[GenerateSerializer, Immutable, Alias("Federation.GuestView")]
public sealed record GuestView(
    [property: Id(0)] HostGuest? Guest,
    [property: Id(1)] long Stamp,
    [property: Id(2)] DateTimeOffset? ReportedAt,
    [property: Id(3)] bool IsHeard,
    [property: Id(4)] string? Boot);
