using System.Collections.Immutable;
using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;

namespace Federation.Host.Daemon;

/// <summary>How a host's agent is doing, for this host. Holds lists: compared by reference.</summary>
/// <param name="Site">The host's site.</param>
/// <param name="Host">The host.</param>
/// <param name="Run">Names this run of the agent.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="At">When this was looked at.</param>
/// <param name="Facts">What the host is.</param>
/// <param name="Guests">The VMs that the newest report has.</param>
/// <param name="Reports">Reports that were made.</param>
/// <param name="ReportedAt">When the service last took one; null: never yet.</param>
/// <param name="AskedAt">When the service last said what to do, also where that was nothing; null: never yet.</param>
/// <param name="Answers">What became of orders and was not taken by the service yet.</param>
/// <param name="Orders">Orders that came since the start.</param>
/// <param name="Failure">Why the service is not told, or does not say what to do; null: it is, and does.</param>
public sealed record AgentState(
    string Site,
    string Host,
    Guid Run,
    DateTimeOffset StartedAt,
    DateTimeOffset At,
    HostFacts? Facts,
    ImmutableArray<GuestSighting> Guests,
    long Reports,
    DateTimeOffset? ReportedAt,
    DateTimeOffset? AskedAt,
    int Answers,
    long Orders,
    string? Failure)
{
    /// <summary>How frames go to each host with which it encrypts, the busiest first.</summary>
    public ImmutableArray<PeerPath> Paths { get; init; } = [];

    /// <summary>The relays that it hears.</summary>
    public ImmutableArray<VtepId> RelaysHeard { get; init; } = [];

    /// <summary>Changes of paths since the start.</summary>
    public long PathChanges { get; init; }

    /// <summary>The hosts between which it passes on; null: it is no relay.</summary>
    public int? Relayed { get; init; }
}
