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
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(408).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429).ProducesProblem(503)
            .ProducesProblem(504).ProducesProblem(507)
            .OpenTo(Role.Sensor).TakesBodiesOf(long.MaxValue).WithMetadata(new SafeToRepeat("send the same windows again: those that are stored are known"))
            .WithDescription("Closed windows, gzip or not. Windows of several applications may come together, each naming its own.");

    // A body counts against the service once it has come: until then it is its sender's alone, who may have so many under way, and no more.
    private static async Task<IResult> Post(
        HttpRequest request, BatchIntake intake, BodyReceiver receiver, BatchReader reader, WindowIngest ingest, CancellationToken cancel)
    {
        if (BatchReader.Unsupported(request) is { } unsupported)
        {
            return unsupported;
        }

        var sender = BatchSender.Of(request.HttpContext.Caller());
        using var turn = await intake.Turn(sender, cancel);
        if (turn is null)
        {
            await receiver.ThrowAway(request, cancel);
            return Problems.TooMany(request.HttpContext, intake.NoTurn(sender), WhileBusy);
        }

        var (body, refusal) = await receiver.Receive(request, sender, cancel);
        using (body)
        {
            if (body is null)
            {
                return refusal!;
            }

            using var place = await intake.Place(cancel);
            return place is null ? Problems.Busy(request.HttpContext, intake.NoPlace, WhileBusy) : await Take(request, body, sender, reader, ingest, cancel);
        }
    }

    private static async Task<IResult> Take(
        HttpRequest request, ReceivedBody body, BatchSender sender, BatchReader reader, WindowIngest ingest, CancellationToken cancel)
    {
        var (batch, refusal) = await reader.Read(request, body, cancel);
        if (batch is null)
        {
            return refusal!;
        }

        // Its memory is another body's while this one's windows are stored.
        body.Dispose();
        var budget = new BudgetKey(sender.Name, sender.IsSensor ? null : batch.Batch.Sensor);
        return AnswerOf(sender, await ingest.Take(batch, budget), request.HttpContext);
    }

    private static IResult AnswerOf(BatchSender sender, IngestResult result, HttpContext context) => result switch
    {
        IngestResult.Taken taken => Results.Json(taken.Answer, WindowBatchJson.Default.WindowBatchAnswer),
        IngestResult.Unreadable unreadable => Problems.Bad(string.Join("; ", unreadable.Faults)),
        IngestResult.NoApplication unknown => Problems.NotFound("application", $"{unknown.Application}", Advice.Applications),
        IngestResult.Forbidden forbidden => Problems.Forbidden(RefusalText.Of(forbidden.Refusal)),
        IngestResult.OverBudget over => Problems.TooMany(context, $"{sender} sends more windows than it may (Federation:SensorWindowsPerSecond, SensorBurstWindows)", over.Delay),
        IngestResult.Away away => OutageProblems.Of(context, away.Outage),
        _ => throw new InvalidOperationException($"a batch ended in {result}"),
    };
}
