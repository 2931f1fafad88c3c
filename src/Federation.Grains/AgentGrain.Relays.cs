using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Hosts;
using Federation.Domain.Networks;

namespace Federation.Grains;

/// <summary>The relays that the host may use, and how its frames go to other hosts. Nothing is stored: its agent tells it with every question.</summary>
public sealed partial class AgentGrain
{
    private static readonly TimeSpan LooksAtRelaysEvery = TimeSpan.FromSeconds(1);

    private ImmutableArray<PeerPath> paths = [];
    private ImmutableArray<VtepId> relaysHeard = [];
    private (HostNetwork Network, ImmutableArray<VtepId> Heard, long At)? told;

    /// <inheritdoc/>
    public async Task<RelayAnswer> Relays(RelayQuestion question)
    {
        heardAt = clock.GetUtcNow();
        (paths, relaysHeard) = (question.Paths, question.Heard);
        var (begun, wait) = (clock.GetTimestamp(), TimeSpan.FromSeconds(question.WaitSeconds));
        while (true)
        {
            if (await RelayNewsFor(question) is { } news && news.Stamp != question.Stamp)
            {
                return new(news);
            }

            var left = Left(wait, begun);
            if (!await Wait(segmentsChanged.Next, left < LooksAtRelaysEvery ? left : LooksAtRelaysEvery, clock.GetTimestamp()))
            {
                return new((RelayNews?)null);
            }
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<PeerPath>> Paths() => Task.FromResult(paths);

    // Null: nobody knows yet.
    private async Task<RelayNews?> RelayNewsFor(RelayQuestion question)
    {
        if (Network is not { } network)
        {
            return null;
        }

        // A host that encrypts with nobody has no use for relays, and is not told of to them.
        var isOfClients = IsClient || question.Paths.Any(path => path.Host.IsClient);
        if (network.Relay.IsEmpty && !isOfClients && (await sites.PathsFrom(Here.Site)).Encryption.IsEmpty)
        {
            return RelayNews.None;
        }

        var here = new VtepId(Here.Site, Here.Host);
        if (told is not { } last || !last.Network.IsReachedAs(network) || !last.Heard.SequenceEqual(question.Heard) || clock.GetElapsedTime(last.At) >= IRelayGrain.TellEvery)
        {
            await GrainFactory.Relays().Told(here, network, question.Heard);
            told = (network, question.Heard, clock.GetTimestamp());
        }

        return (await relays.Now())?.For(here, question.Paths.Select(path => path.Host));
    }
}
