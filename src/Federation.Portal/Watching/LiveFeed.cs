using System.Collections.Immutable;
using Federation.Client;
using Federation.Contracts.Access;
using Federation.Domain.Events;
using Federation.Portal.Sessions;

namespace Federation.Portal.Watching;

/// <summary>What happens, for the pages of one browser's tab: followed in the event log by sequence number, with the viewer's own token.</summary>
/// <param name="sessions">Ends the session if the silos do not take its token any more.</param>
/// <param name="clock">The clock.</param>
public sealed class LiveFeed(PortalSessions sessions, TimeProvider clock) : IDisposable
{
    /// <summary>How many of the newest events are kept.</summary>
    public const int Kept = 100;

    private readonly CancellationTokenSource over = new();
    private CancellationTokenRegistration ending;
    private DateTimeOffset? pageOutSince;
    private DateTimeOffset? feedOutSince;
    private bool isStarted;

    /// <summary>The newest events that the viewer sees, newest first.</summary>
    public ImmutableArray<LoggedEvent> Newest { get; private set; } = [];

    /// <summary>Since when nobody answers; null: somebody does.</summary>
    public DateTimeOffset? OutSince => feedOutSince ?? pageOutSince;

    /// <summary>Something has happened, an outage has begun or is over, or the session has ended. Comes from any thread.</summary>
    public event Action? Changed;

    /// <summary>Begins to follow; told again, nothing happens.</summary>
    public void Start(PortalSession session)
    {
        if (!isStarted)
        {
            isStarted = true;
            ending = session.Ended.Register(() => Changed?.Invoke());
            _ = Follow(session);
        }
    }

    /// <summary>Told by a page that what it asked for failed, or, by null, that it was answered.</summary>
    public void Tell(Exception? fault)
    {
        var before = OutSince;
        pageOutSince = fault is null ? null : pageOutSince ?? clock.GetUtcNow();
        if (before != OutSince)
        {
            Changed?.Invoke();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ending.Dispose();
        over.Cancel();
    }

    private async Task Follow(PortalSession session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(over.Token, session.Ended);
        long? seen = null;
        while (!end.IsCancellationRequested)
        {
            try
            {
                seen ??= Math.Max(0, await session.Calls.NewestEvent(end.Token) - Kept);
                Note(null);
                await foreach (var page in session.Calls.FollowPages(seen.Value, Note, end.Token))
                {
                    seen = page[^1].Sequence;
                    Newest = [.. page.Reverse().Concat(Newest).Take(Kept)];
                    Changed?.Invoke();
                }
            }
            catch (AccessDeniedException)
            {
                sessions.End(session);
            }
            catch (Exception fault) when (!end.IsCancellationRequested)
            {
                // Whatever it is: the page says that it is old, and it is tried again where it was.
                Note(fault);
                await Task.Delay(FederationSession.FollowInterval, clock, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // The tab was closed, or the session has ended.
            }
        }
    }

    private void Note(Exception? outage)
    {
        var before = OutSince;
        feedOutSince = outage is null ? null : feedOutSince ?? clock.GetUtcNow();
        if (before != OutSince)
        {
            Changed?.Invoke();
        }
    }
}
