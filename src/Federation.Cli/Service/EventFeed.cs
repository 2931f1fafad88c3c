using Federation.Api;

namespace Federation.Cli.Service;

/// <summary>Reads the service's events in order, each once.</summary>
/// <param name="call">The connection.</param>
/// <param name="after">The number of the last event that is not wanted.</param>
internal sealed class EventFeed(ServiceCall call, long after)
{
    private const int PageLength = 100;
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(30);

    /// <summary>All events up to now.</summary>
    public async Task<List<EventDocument>> ReadAll()
    {
        var events = new List<EventDocument>();
        while (await Read(TimeSpan.Zero) is { Length: > 0 } page)
        {
            events.AddRange(page);
            if (page.Length < PageLength)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>The next events; none if a while goes by without any.</summary>
    /// <param name="wait">How long that while is. Default 30 s.</param>
    public Task<EventDocument[]> WaitForMore(TimeSpan? wait = null) => Read(wait ?? LongPoll);

    private async Task<EventDocument[]> Read(TimeSpan wait)
    {
        var route = Route.To("events").With("after", after).With("limit", PageLength)
            .With("wait", wait > TimeSpan.Zero ? wait.TotalSeconds : null);
        var events = await call.Get<EventDocument[]>(route, wait);
        after = events.Length > 0 ? Math.Max(after, events.Max(entry => entry.Sequence)) : after;
        return events;
    }
}
