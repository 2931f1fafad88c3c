using Federation.Contracts;
using Federation.Domain.Hosts;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Microsoft.Extensions.Logging;

namespace Federation.Grains;

/// <summary>The networks that the host is of: what its agent has of them is passed on to them, and what they answer to the agent.</summary>
/// <remarks>Nothing is stored: a network tells again, until it is answered, that it has something to tell.</remarks>
public sealed partial class AgentGrain
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private readonly HashSet<AppId> unasked = [];
    private readonly WindowSignal segmentsChanged = new();
    private Dictionary<AppId, long> inForce = [];

    /// <inheritdoc/>
    public async Task<SegmentsNews> Segments(SegmentsKnown known)
    {
        heardAt = clock.GetUtcNow();
        Note(known.Known.Select(segment => (Application: AppId.Parse(segment.Key), segment.Value)).Where(segment => MayKnow(segment.Application)).ToDictionary(segment => segment.Application, segment => segment.Value));
        var (begun, wait) = (clock.GetTimestamp(), TimeSpan.FromSeconds(known.WaitSeconds));
        while (true)
        {
            var next = segmentsChanged.Next;
            AppId[] asked = [.. unasked];
            unasked.ExceptWith(asked);
            var answers = await Task.WhenAll(asked.Select(AskForNews));
            var updates = answers.OfType<SegmentUpdate>().ToList();
            // One that did not answer is asked again soon.
            var isSlice = unasked.Count > 0 && Left(wait, begun) > AskAgainAfter;
            if (updates.Count > 0 || !(isSlice ? await Wait(next, AskAgainAfter, clock.GetTimestamp()) : await Wait(next, wait, begun)))
            {
                var (encryption, stars) = await sites.PathsFrom(Here.Site);
                return new([.. updates]) { Encryption = encryption, Stars = stars };
            }
        }
    }

    /// <inheritdoc/>
    public Task SegmentChanged(AppId application)
    {
        unasked.Add(application);
        segmentsChanged.Raise();
        return Task.CompletedTask;
    }

    // A client asks of its own network and of no other.
    private bool MayKnow(AppId application) => !IsClient || (SegmentClients.TryParse(new(Here.Site, Here.Host), out var own, out _) && own == application);

    // The networks that the host is of hear how it is reached when they are asked for news.
    private void PassOn(HostNetwork? before, HostNetwork? now)
    {
        if (now is not null && (before is null || !now.IsReachedAs(before)))
        {
            unasked.UnionWith(inForce.Keys);
            segmentsChanged.Raise();
        }
    }

    // What is in force otherwise than before is told to its network, also that nothing is left of it.
    private void Note(Dictionary<AppId, long> now)
    {
        unasked.UnionWith(now.Keys.Concat(inForce.Keys).Where(application => !inForce.TryGetValue(application, out var before) || !now.TryGetValue(application, out var revision) || before != revision));
        inForce = now;
    }

    private async Task<SegmentUpdate?> AskForNews(AppId application)
    {
        try
        {
            var update = await GrainFactory.Segment(application).News(new(Here.Site, Here.Host), inForce.TryGetValue(application, out var revision) ? revision : null, Network);
            if (update is not null)
            {
                // The next question shows whether it has come; where nobody was there any more to take the answer, that question waits here already.
                unasked.Add(application);
                segmentsChanged.Raise();
            }

            return update;
        }
        catch (Exception fault)
        {
            unasked.Add(application);
            LogSegmentNotAsked(log, fault, application.Key, Here.ToString());
            return null;
        }
    }

    [LoggerMessage(3204, LogLevel.Warning, "The network of {Application} does not answer host {Host}: it is asked again")]
    private static partial void LogSegmentNotAsked(ILogger log, Exception fault, string application, string host);
}
