using Federation.Domain;
using Federation.Domain.Events;
using Federation.Domain.Identity;

namespace Federation.Grains;

/// <summary>Writes what happened into the federation's event log.</summary>
public sealed class EventRecorder(IEventLog log, TimeProvider clock)
{
    /// <summary>Notes that something happened now.</summary>
    /// <param name="kind">What sort of thing, the subject first: <c>plan.applied</c>.</param>
    /// <param name="text">One sentence for people.</param>
    /// <param name="application">The application that it is about.</param>
    /// <param name="site">The site that it is about.</param>
    public Task Record(string kind, string text, AppId? application = null, SiteId? site = null) =>
        log.Append(new FederationEvent(new EventKind(kind), application, site, Limits.Text.Kept(text), clock.GetUtcNow()), CancellationToken.None);
}
