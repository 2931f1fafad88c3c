using Federation.Domain.Documents;
using Federation.Domain.Events;

namespace Federation.Silo.Api;

/// <summary>What happened, to be read or followed.</summary>
internal static class EventRoutes
{
    private const int MostEvents = 1000;
    private const double LongestWait = 60;

    public static void MapEvents(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/events", List).WithName("ListEvents").Produces<EventDocument[]>().ProducesProblem(400)
            .WithDescription("Events after a sequence number, oldest first; waits for one, if asked to, while there is none.");

    private static async Task<IResult> List(long? after, int? limit, double? wait, IEventLog log, CancellationToken cancel)
    {
        var (sequence, most, seconds) = (after ?? 0, limit ?? 100, wait ?? 0);
        if (sequence < 0 || most is < 1 or > MostEvents || seconds is < 0 or > LongestWait)
        {
            return Problems.Bad($"after is 0 or more, limit from 1 to {MostEvents}, wait from 0 to {LongestWait} s");
        }

        if (seconds > 0)
        {
            await log.WaitForNewer(sequence, TimeSpan.FromSeconds(seconds), cancel);
        }

        var events = await log.ReadAfter(sequence, most, cancel);
        return Results.Ok(events.Select(logged => new EventDocument(
            logged.Sequence, logged.Event.At, logged.Event.Kind.Value, logged.Event.Application?.Value, logged.Event.Site?.Value,
            logged.Event.Text)).ToArray());
    }
}
