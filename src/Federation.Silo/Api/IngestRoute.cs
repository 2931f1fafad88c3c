using Federation.Domain.Access;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Silo.Access;
using Federation.Silo.Http;
using Federation.Silo.Ingest;

namespace Federation.Silo.Api;

/// <summary>Windows in: the HTTP face of <see cref="WindowIngest"/>.</summary>
internal static class IngestRoute
{
    private static readonly TimeSpan WhileBusy = TimeSpan.FromSeconds(1);

    public static void MapIngest(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/windows", Post).WithName("PostWindows").Accepts<WindowBatch>("application/json").Produces<WindowBatchAnswer>()
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503)
            .ProducesProblem(504).ProducesProblem(507)
            .OpenTo(Role.Sensor).WithMetadata(new SafeToRepeat("send the same windows again: those that are stored are known"))
            .WithDescription("Closed windows, gzip or not. Windows of several applications may come together, each naming its own.");

    private static async Task<IResult> Post(HttpRequest request, BatchReader reader, WindowIngest ingest, CancellationToken cancel)
    {
        // Bodies are large when they are read: so many at once, and no more.
        using var turn = await reader.Enter(cancel);
        if (turn is null)
        {
            return Problems.Busy(request.HttpContext, "more batches are coming in than the service can take", WhileBusy);
        }

        var (batch, refusal) = await reader.Read(request, cancel);
        return batch is null ? refusal! : AnswerOf(batch, await ingest.Take(batch), request.HttpContext);
    }

    private static IResult AnswerOf(WindowBatch batch, IngestResult result, HttpContext context) => result switch
    {
        IngestResult.Taken taken => Results.Json(taken.Answer, WindowBatchJson.Default.WindowBatchAnswer),
        IngestResult.Unreadable unreadable => Problems.Bad(string.Join("; ", unreadable.Faults)),
        IngestResult.NoApplication unknown => Problems.NotFound("application", $"{unknown.Application}", Remedy.Applications),
        IngestResult.Forbidden forbidden => Problems.Forbidden(RefusalText.Of(forbidden.Refusal)),
        IngestResult.OverBudget over => Problems.TooMany(context, $"sensor '{batch.Sensor}' sends more windows than it may", over.Delay),
        IngestResult.Away away => OutageProblems.Of(context, away.Outage),
        _ => throw new InvalidOperationException($"a batch ended in {result}"),
    };
}
