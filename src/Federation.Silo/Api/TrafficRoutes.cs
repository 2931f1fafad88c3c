using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Groups;
using Federation.Domain.Refusals;
using Federation.Domain.Traffic;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Traffic and groups out.</summary>
internal static class TrafficRoutes
{
    private const int DefaultWindows = 10;

    public static void MapTraffic(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/applications/{app}/traffic", Query).WithName("QueryTraffic").Produces<TrafficDocument>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(422)
            .OpenTo(Role.Tenant, Role.Auditor).DisableRequestTimeout();
        v1.MapGet("/applications/{app}/groups", Groups).WithName("GetGroups").Produces<GroupsDocument>().ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor);
    }

    private static async Task<IResult> Query(
        int? windows, DateTimeOffset? until, double? wait, bool? approximate, string? @as,
        IGrainFactory grains, WaitingQuery waiting, TimeProvider clock, HttpContext context, CancellationToken cancel)
    {
        if (!AnswerForm.TryParse(@as ?? "mean", out var form))
        {
            return Problems.Bad($"as '{@as}' is none of detailed, mean, weighted=2");
        }

        if (Bounds.FaultOf("wait", wait, 0, Limits.Request.TrafficWaitSeconds) is { } fault)
        {
            return Problems.Bad(fault);
        }

        if (until is { Year: < Limits.Time.FirstYear or > Limits.Time.LastYearOfTraffic })
        {
            return Problems.Bad($"until {until:O} is not from {Limits.Time.FirstYear} to {Limits.Time.LastYearOfTraffic}");
        }

        var now = clock.GetUtcNow();
        // Who is ready to wait or to be told an estimate wants the newest there is; all others what is final.
        var end = until ?? (wait > 0 || approximate == true ? now : Window.Containing(now).Start);
        var query = new TrafficQuery(end, windows ?? DefaultWindows, TimeSpan.FromSeconds(wait ?? 0), approximate ?? false, form);
        if (query.Check().Refusal is { } refusal)
        {
            return Problems.Bad(RefusalText.Of(refusal));
        }

        return (await waiting.Ask(grains.Traffic(context.Application()), query, cancel))?.Outcome switch
        {
            null => context.Target().NotFound(),
            QueryOutcome.Answered answered => Results.Ok(DocumentOf(context.Application().Name, form, answered.Answer)),
            QueryOutcome.Rejected rejected => Problems.Unanswerable(RefusalText.Of(rejected.Refusal), rejected.AnswerableUntil),
            var other => throw new InvalidOperationException($"a query ended in {other}"),
        };
    }

    private static async Task<IResult> Groups(
        int? windows, Metric? metric, double? ratio, double? floor, DetectorKind? detector, double? resolution,
        IGrainFactory grains, HttpContext context)
    {
        var fault = Bounds.FaultOf("windows", windows, 1, Limits.Request.Windows)
            ?? Bounds.FaultOf("ratio", ratio, 0, 1)
            ?? Bounds.FaultOf("floor", floor, 0, Limits.Request.FloorPerSecond)
            ?? Bounds.FaultOfPositive("resolution", resolution, Limits.Request.Resolution);
        if (fault is not null)
        {
            return Problems.Bad(fault);
        }

        var grain = grains.Groups(context.Application());
        var status = await grain.Get();
        var options = new GroupingOptions
        {
            Metric = metric ?? status.Detection?.Metric ?? Metric.Packets,
            Detector = detector ?? status.Detection?.Detector ?? DetectorKind.Greedy,
            Resolution = resolution,
        };
        options = ratio is { } share ? options with { Ratio = share } : options;
        options = floor is { } least ? options with { FloorPerSecond = least } : options;
        var detections = await grain.Detections(windows ?? DefaultWindows, options);
        return Results.Ok(new GroupsDocument(
            context.Application().Name,
            [.. status.Groups.Select(group => new GroupDocument(group.Id.Value, Names(group.Members), group.Since.Start))],
            [.. detections.Select(found => new DetectionDocument(
                found.Window.Start,
                [.. found.Partition.Groups.Select(group => Names(group.Members))],
                [.. found.Partition.Groups.Select(group => group.Isolation)]))],
            [.. status.History.Select(happened => new GroupEventDocument(
                happened.GetType().Name.ToLowerInvariant(), happened.Began.Start, happened.Confirmed.Start, happened.ToString()!))],
            status.Detection is { } choice
                ? new(WordOf(choice.Metric), choice.MetricWhy, WordOf(choice.Detector), choice.DetectorWhy)
                : null));
    }

    private static TrafficDocument DocumentOf(string app, AnswerForm form, TrafficAnswer answer) => new(
        app,
        form.ToString()!,
        [.. answer.Matrices.Select(matrix => DocumentOf(matrix))],
        [.. answer.Windows.Select(window => new WindowDocument(
            window.Window.Start, window.IsApproximated, Names(window.Silent), Names(window.Partial), Names(window.Inexact), Names(window.Doubled)))]);

    private static MatrixDocument DocumentOf(AnsweredMatrix answered)
    {
        var matrix = answered.Matrix;
        var outside = matrix.SentOutside.Keys.Union(matrix.ReceivedOutside.Keys).Order();
        return new(
            answered.Window?.Start,
            matrix.Period.TotalSeconds,
            [.. matrix.Pairs.Select(pair => new PairDocument(
                pair.Key.Source.Value, pair.Key.Destination.Value, pair.Value.Packets, pair.Value.Bytes))],
            [.. outside.Select(vm =>
            {
                var (sent, received) = (matrix.SentOutside.GetValueOrDefault(vm), matrix.ReceivedOutside.GetValueOrDefault(vm));
                return new OutsideDocument(vm.Value, sent.Packets, sent.Bytes, received.Packets, received.Bytes);
            })])
        {
            Endpoints =
            [
                .. matrix.SentToEndpoints.Keys.Union(matrix.ReceivedFromEndpoints.Keys).Order().Select(pair =>
                {
                    var (sent, received) = (matrix.SentToEndpoints.GetValueOrDefault(pair), matrix.ReceivedFromEndpoints.GetValueOrDefault(pair));
                    return new EndpointTrafficDocument(pair.Vm.Value, pair.Endpoint, sent.Packets, sent.Bytes, received.Packets, received.Bytes);
                }),
            ],
        };
    }

    private static string WordOf<T>(T word)
        where T : struct, Enum => word.ToString().ToLowerInvariant();

    private static string[] Names<T>(IEnumerable<T> items) => [.. items.Select(item => item!.ToString()!)];
}
