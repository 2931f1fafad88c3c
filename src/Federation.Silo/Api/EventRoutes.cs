using System.Collections.Immutable;
using Federation.Api;
using Federation.Domain.Access;
using Federation.Domain.Events;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>What happened, to be read or followed.</summary>
internal static class EventRoutes
{
    private const int MostEvents = 1000;
    private const double LongestWait = 60;

    public static void MapEvents(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/events", List).WithName("ListEvents").Produces<EventDocument[]>().ProducesProblem(400)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)
            .WithDescription("Events after a sequence number, oldest first; waits for one, if asked to, while there is none.");

    private static async Task<IResult> List(
        long? after, int? limit, double? wait, IEventLog log, TimeProvider clock, HttpContext context, CancellationToken cancel)
    {
        var (sequence, most, seconds) = (after ?? 0, limit ?? 100, wait ?? 0);
        if (sequence < 0 || most is < 1 or > MostEvents || seconds is < 0 or > LongestWait)
        {
            return Problems.Bad($"after is 0 or more, limit from 1 to {MostEvents}, wait from 0 to {LongestWait} s");
        }

        var until = clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        while (true)
        {
            var events = await log.ReadAfter(sequence, most, cancel);
            var seen = Seen(events, context.Caller());
            if (seen.Length > 0)
            {
                return Results.Ok(seen);
            }

            // Those that are not for this reader are passed over here: it would ask for them again and again.
            sequence = events.IsEmpty ? sequence : events[^1].Sequence;
            var left = until - clock.GetUtcNow();
            if (events.IsEmpty && (left <= TimeSpan.Zero || !await log.WaitForNewer(sequence, left, cancel)))
            {
                return Results.Ok(Array.Empty<EventDocument>());
            }
        }
    }

    private static EventDocument[] Seen(ImmutableArray<LoggedEvent> events, Caller caller) =>
        [.. events.Where(logged => IsSeen(logged.Event, caller)).Select(logged => new EventDocument(
            logged.Sequence, logged.Event.At, logged.Event.Kind.Value, logged.Event.Application?.Name, logged.Event.Site?.Value,
            logged.Event.Text))];

    // What happens to a site is for all who may run there; what happens to an application, for its tenant and the site's administrator.
    private static bool IsSeen(FederationEvent happened, Caller caller) => caller.SeesAll
        || (happened.Site is { } site && (happened.Application is null || caller.Administrates(site)))
        || (happened.Application is { } application && caller.Sees(application.Tenant));
}
