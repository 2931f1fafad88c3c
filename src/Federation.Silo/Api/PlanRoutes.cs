using System.Collections.Immutable;
using Federation.Contracts;
using Federation.Domain.Documents;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Planning;
using Microsoft.AspNetCore.Mvc;

namespace Federation.Silo.Api;

/// <summary>Plans, and the migrations that carry them out.</summary>
internal static class PlanRoutes
{
    private const string Remedy = "GET /v1/plans lists them";

    public static void MapPlans(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/applications/{app}/plans", Make).WithName("MakePlan").Produces<PlanDocument>(201).ProducesProblem(400).ProducesProblem(404);
        v1.MapPost("/applications/{app}/pareto", Pareto).WithName("LookAtPareto").Produces<ParetoDocument>().ProducesProblem(400).ProducesProblem(404);
        v1.MapGet("/plans", List).WithName("ListPlans").Produces<PlanDocument[]>();
        v1.MapGet("/plans/{id}", Get).WithName("GetPlan").Produces<PlanDocument>().ProducesProblem(404);
        v1.MapGet("/plans/{id}/view", View).WithName("GetPlanView").Produces<PlacementView>().ProducesProblem(404);
        v1.MapPost("/plans/{id}/apply", Apply).WithName("ApplyPlan").Produces<ApplyDocument>().Produces<ApplyDocument>(202)
            .ProducesProblem(404).ProducesProblem(409);
        v1.MapGet("/migrations", Migrations).WithName("ListMigrations").Produces<MigrationDocument[]>();
        v1.MapGet("/migrations/{id}", Migration).WithName("GetMigration").Produces<MigrationDocument>().ProducesProblem(404);
    }

    private static async Task<IResult> Make(string app, PlanRequest request, IGrainFactory grains, CancellationToken cancel)
    {
        if (FaultOf(request) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return await grains.Placement(new(app)).Plan(request, cancel) is { } made
            ? Results.Created($"/v1/plans/{made.Id}", DocumentOf(made))
            : Problems.NotFound("application", app, ApplicationRoutes.Remedy);
    }

    private static async Task<IResult> Pareto(string app, PlanRequest request, int? points, IGrainFactory grains, CancellationToken cancel)
    {
        var fault = points is < ParetoFront.FewestPoints or > ParetoFront.MostPoints
            ? $"points {points} is not from {ParetoFront.FewestPoints} to {ParetoFront.MostPoints}"
            : FaultOf(request);
        if (fault is not null)
        {
            return Problems.Bad(fault);
        }

        return await grains.Placement(new(app)).Pareto(request, points ?? ParetoFront.DefaultPoints, cancel) is { } front
            ? Results.Ok(ParetoDocument.Of(front))
            : Problems.NotFound("application", app, ApplicationRoutes.Remedy);
    }

    private static string? FaultOf(PlanRequest request) =>
        request.Windows is < 1 or > 2880 ? $"windows {request.Windows} is not from 1 to 2880"
        : request.TimeLimitSeconds is <= 0 or > 120 ? $"timeLimitSeconds {request.TimeLimitSeconds} is not in (0, 120]"
        : request.Solver is { } solver && !Solvers.Names.Contains(solver) ? $"solver '{solver}' is none of {string.Join(", ", Solvers.Names)}"
        : null;

    private static async Task<PlanDocument[]> List(string? application, IGrainFactory grains) =>
        [.. (await Task.WhenAll((await Chosen(application, grains)).Select(id => grains.Placement(id).Plans())))
            .SelectMany(plans => plans).Select(DocumentOf)];

    private static async Task<IResult> Get(string id, IGrainFactory grains) =>
        await Find(id, grains) is { } plan ? Results.Ok(DocumentOf(plan)) : Problems.NotFound("plan", id, Remedy);

    private static async Task<IResult> View(string id, IGrainFactory grains) =>
        await grains.Placement(ApplicationOf(id)).View(id) is { } view ? Results.Ok(view) : Problems.NotFound("plan", id, Remedy);

    private static async Task<IResult> Apply(string id, [FromQuery] string[]? approve, IGrainFactory grains)
    {
        var approvals = (approve ?? []).Select(site => new SiteId(site)).ToImmutableArray();
        var outcome = await grains.Placement(ApplicationOf(id)).Apply(id, approvals);
        return outcome.Kind switch
        {
            ApplyKind.Unknown => Problems.NotFound("plan", id, Remedy),
            ApplyKind.Stale => Problems.Conflict(outcome.Text, outcome.Changes),
            ApplyKind.Refused => Problems.Conflict(outcome.Text),
            ApplyKind.Started => Results.Accepted($"/v1/plans/{id}", new ApplyDocument(DocumentOf(outcome.Plan!), Did: true, outcome.Text)),
            _ => Results.Ok(new ApplyDocument(DocumentOf(outcome.Plan!), Did: false, outcome.Text)),
        };
    }

    private static async Task<MigrationDocument[]> Migrations(string? application, string? plan, IGrainFactory grains) =>
        [.. (await Task.WhenAll((await Chosen(application, grains)).Select(id => grains.Placement(id).Migrations())))
            .SelectMany(migrations => migrations).Where(migration => plan is null || migration.Plan == plan).Select(DocumentOf)];

    private static async Task<IResult> Migration(string id, IGrainFactory grains) =>
        await grains.Migration(id).Get() is { } migration
            ? Results.Ok(DocumentOf(migration))
            : Problems.NotFound("migration", id, "GET /v1/migrations lists them");

    private static async Task<IEnumerable<AppId>> Chosen(string? application, IGrainFactory grains) =>
        application is null ? await grains.Federation().Applications() : [new AppId(application)];

    private static async Task<StoredPlan?> Find(string id, IGrainFactory grains) =>
        (await grains.Placement(ApplicationOf(id)).Plans()).FirstOrDefault(plan => plan.Id == id);

    // A plan's name is the application's, a dash, and a number.
    private static AppId ApplicationOf(string plan) => new(plan.LastIndexOf('-') is > 0 and var dash ? plan[..dash] : plan);

    private static PlanDocument DocumentOf(StoredPlan stored) => PlanDocument.Of(stored.Plan, stored.Id, stored.State);

    private static MigrationDocument DocumentOf(MigrationState state) => new(
        state.Order.Id, state.Plan, state.Order.Vm.Application.Value, state.Order.Vm.Vm.Value,
        PlanDocument.Place.Of(state.Order.From), PlanDocument.Place.Of(state.Order.To),
        Camel(state.Phase.ToString()), state.Order.Epoch, state.StartedAt, state.EndedAt, state.Reason);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
