using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Events;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>What happened, to be read or followed.</summary>
internal static class EventRoutes
{
    private const double LongestWait = 60;

    public static void MapEvents(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/events", List).WithName("ListEvents").Produces<EventDocument[]>().ProducesProblem(400)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)
            .WithDescription("Events after a sequence number, oldest first; waits for one, if asked to, while there is none.");

    private static async Task<IResult> List(
        long? after, int? limit, double? wait, IGrainFactory grains, IEventLog log, TimeProvider clock, HttpContext context, CancellationToken cancel)
    {
        var (sequence, most, seconds) = (after ?? 0, limit ?? 100, wait ?? 0);
        if (sequence < 0 || most is < 1 or > EventPage.MostEvents || seconds is < 0 or > LongestWait)
        {
            return Problems.Bad($"after is 0 or more, limit from 1 to {EventPage.MostEvents}, wait from 0 to {LongestWait} s");
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
