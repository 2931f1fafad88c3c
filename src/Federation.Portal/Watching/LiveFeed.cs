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
    private bool isStarted;

    /// <summary>The newest events that the viewer sees, newest first.</summary>
    public ImmutableArray<LoggedEvent> Newest { get; private set; } = [];

    /// <summary>Since when nobody answers; null: somebody does.</summary>
    public DateTimeOffset? OutSince { get; private set; }

    /// <summary>Something has happened, an outage has begun or is over, or the session has ended. Comes from any thread.</summary>
    public event Action? Changed;

    /// <summary>Begins to follow; told again, nothing happens.</summary>
    public void Start(PortalSession session)
    {
        if (!isStarted)
        {
            isStarted = true;
            session.Ended.Register(() => Changed?.Invoke());
            _ = Follow(session);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        over.Cancel();
        over.Dispose();
    }

    private async Task Follow(PortalSession session)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(over.Token, session.Ended);
        try
        {
            var from = Math.Max(0, await Beginning(session, end.Token) - Kept);
            await foreach (var page in session.Calls.FollowPages(from, Note, end.Token))
            {
                Newest = [.. page.Reverse().Concat(Newest).Take(Kept)];
                Changed?.Invoke();
            }
        }
        catch (AccessDeniedException)
        {
            sessions.End(session);
        }
        catch (OperationCanceledException)
        {
            // The tab was closed, or the session has ended.
        }
    }

    private async Task<long> Beginning(PortalSession session, CancellationToken end)
    {
        while (true)
        {
            try
            {
                return await session.Calls.NewestEvent(end);
            }
            catch (Exception fault) when (FederationClient.IsOutage(fault))
            {
                Note(fault);
                await Task.Delay(FederationSession.FollowInterval, clock, end);
            }
        }
    }

    private void Note(Exception? outage)
    {
        OutSince = outage is null ? null : OutSince ?? clock.GetUtcNow();
        Changed?.Invoke();
    }
}
