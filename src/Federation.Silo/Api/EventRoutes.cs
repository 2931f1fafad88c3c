using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Events;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>What happened, to be read or followed.</summary>
internal static class EventRoutes
{
    public static void MapEvents(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/events", List).WithName("ListEvents").Produces<EventDocument[]>().ProducesProblem(400)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)
            .WithDescription("Events after a sequence number, oldest first; waits for one, if asked to, while there is none.");

    private static async Task<IResult> List(
        long? after, int? limit, double? wait, IGrainFactory grains, IEventLog log, TimeProvider clock, HttpContext context, CancellationToken cancel)
    {
        var (sequence, most, seconds) = (after ?? 0, limit ?? 100, wait ?? 0);
        var fault = Bounds.FaultOf("after", after, 0, long.MaxValue)
            ?? Bounds.FaultOf("limit", limit, 1, EventPage.MostEvents)
            ?? Bounds.FaultOf("wait", wait, 0, Limits.Request.EventWaitSeconds);
        if (fault is not null)
        {
            return Problems.Bad(fault);
        }

        var (asked, longest) = (clock.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var page = await grains.Overview().Events(sequence, most);
            if (!page.Events.IsEmpty)
            {
                return Results.Ok(page.Events.Select(DocumentOf).ToArray());
            }

            // Those that are not for this reader are passed over here: it would ask for them again and again.
            sequence = page.Looked;
            var left = longest - clock.GetElapsedTime(asked);
            if (page.IsLast && (left <= TimeSpan.Zero || !await log.WaitForNewer(sequence, left, cancel)))
            {
                return Results.Ok(Array.Empty<EventDocument>());
            }
        }
    }

    private static EventDocument DocumentOf(LoggedEvent logged) => new(
        logged.Sequence, logged.Event.At, logged.Event.Kind.Value, logged.Event.Application?.Name, logged.Event.Site?.Value, logged.Event.Text);
}
