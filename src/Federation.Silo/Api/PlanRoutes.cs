using System.Collections.Immutable;
using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Estimation;
using Federation.Domain.Identity;
using Federation.Domain.Migration;
using Federation.Domain.Plans;
using Federation.Domain.Refusals;
using Federation.Planning;
using Federation.Silo.Access;
using Federation.Silo.Http;
using Microsoft.AspNetCore.Mvc;

namespace Federation.Silo.Api;

/// <summary>Plans, and the migrations that carry them out.</summary>
internal static class PlanRoutes
{
    public static void MapPlans(this IEndpointRouteBuilder v1)
    {
        v1.MapPost("/applications/{app}/plans", Make).WithName("MakePlan").Produces<PlanDocument>(201).ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.Tenant);
        v1.MapPost("/applications/{app}/pareto", Pareto).WithName("LookAtPareto").Produces<ParetoDocument>().ProducesProblem(400).ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor).WithMetadata(new NoChange());
        v1.MapGet("/plans", List).WithName("ListPlans").Produces<PlanDocument[]>().OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/plans/{plan}", Get).WithName("GetPlan").Produces<PlanDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/plans/{plan}/view", View).WithName("GetPlanView").Produces<PlacementView>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor);
        v1.MapPost("/plans/{plan}/apply", Apply).WithName("ApplyPlan").Produces<ApplyDocument>().Produces<ApplyDocument>(202)
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).OpenTo(Role.Tenant, Role.SiteAdmin);
        v1.MapGet("/migrations", Migrations).WithName("ListMigrations").Produces<MigrationDocument[]>()
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/migrations/{migration}", Migration).WithName("GetMigration").Produces<MigrationDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
    }

    private static async Task<IResult> Make(string app, PlanRequest request, IGrainFactory grains, CancellationToken cancel)
    {
        if (FaultOf(request) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return await grains.Placement(new(app)).Plan(request, cancel) is { } made
            ? Results.Created($"/v1/plans/{made.Id}", DocumentOf(made))
            : Problems.NotFound("application", app, Remedy.Applications);
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
            : Problems.NotFound("application", app, Remedy.Applications);
    }

    private static string? FaultOf(PlanRequest request) =>
        request.Windows is < 1 or > 2880 ? $"windows {request.Windows} is not from 1 to 2880"
        : request.TimeLimitSeconds is <= 0 or > 120 ? $"timeLimitSeconds {request.TimeLimitSeconds} is not in (0, 120]"
        : request.Solver is { } solver && !Solvers.Names.Contains(solver) ? $"solver '{solver}' is none of {string.Join(", ", Solvers.Names)}"
        : null;

    private static async Task<PlanDocument[]> List(string? application, IGrainFactory grains, HttpContext context) =>
        [.. (await Visible(application, context.Caller(), grains, id => grains.Placement(id).Plans(), Touches)).Select(DocumentOf)];

    private static async Task<IResult> Get(string plan, IGrainFactory grains, HttpContext context) =>
        await Find(plan, grains, context.Caller()) is { } found ? Results.Ok(DocumentOf(found)) : Problems.NotFound("plan", plan, Remedy.Plans);

    private static async Task<IResult> View(string plan, IGrainFactory grains) =>
        await grains.Placement(RequestTargets.ApplicationOf(plan)).View(plan) is { } view ? Results.Ok(view) : Problems.NotFound("plan", plan, Remedy.Plans);

    private static async Task<IResult> Apply(string plan, [FromQuery] string[]? approve, IGrainFactory grains, HttpContext context)
    {
        var approvals = (approve ?? []).Select(site => new SiteId(site)).ToImmutableArray();
        var caller = context.Caller();
        if (await Find(plan, grains, caller) is not { } found)
        {
            return Problems.NotFound("plan", plan, Remedy.Plans);
        }

        if (approvals.FirstOrDefault(site => !caller.Administrates(site)) is { Value: not null } other)
        {
            return Problems.Forbidden($"only an administrator of {other} approves for it");
        }

        if (approvals.IsEmpty && !await IsSeen(found.Plan.Application, grains, caller))
        {
            return Problems.Forbidden("a site's administrator can approve this plan (approve=SITE), and leaves the rest to its tenant");
        }

        return AnswerOf(plan, await grains.Placement(RequestTargets.ApplicationOf(plan)).Apply(plan, approvals));
    }

    private static IResult AnswerOf(string plan, ApplyOutcome outcome) => outcome.Kind switch
    {
        ApplyKind.Unknown => Problems.NotFound("plan", plan, Remedy.Plans),
        ApplyKind.Stale => Problems.Conflict(outcome.Text, outcome.Changes),
        ApplyKind.Refused => Problems.Conflict(outcome.Text),
        ApplyKind.Started => Results.Accepted($"/v1/plans/{plan}", new ApplyDocument(DocumentOf(outcome.Plan!), Did: true, outcome.Text)),
        _ => Results.Ok(new ApplyDocument(DocumentOf(outcome.Plan!), Did: false, outcome.Text)),
    };

    private static async Task<MigrationDocument[]> Migrations(string? application, string? plan, IGrainFactory grains, HttpContext context) =>
        [.. (await Visible(application, context.Caller(), grains, id => grains.Placement(id).Migrations(), Touches))
            .Where(migration => plan is null || migration.Plan == plan).Select(DocumentOf)];

    private static async Task<IResult> Migration(string migration, IGrainFactory grains, HttpContext context) =>
        await grains.Migration(migration).Get() is { } found
        && (context.Caller().Sees(found.Tenant) || Touches(found, context.Caller()))
            ? Results.Ok(DocumentOf(found))
            : Problems.NotFound("migration", migration, Remedy.Migrations);

    // A tenant sees what is about its applications, a site's administrator what is about its site.
    private static async Task<IEnumerable<T>> Visible<T>(
        string? application, Caller caller, IGrainFactory grains, Func<AppId, Task<ImmutableArray<T>>> read, Func<T, Caller, bool> touches)
    {
        var own = (await grains.VisibleApplications(caller, application is null ? null : new AppId(application))).ToHashSet();
        var looked = application is not null ? [new AppId(application)]
            : caller.Has(Role.SiteAdmin) ? await grains.Federation().Applications()
            : own.AsEnumerable();
        var found = await Task.WhenAll(looked.Order().Select(async id => (Id: id, Items: own.Contains(id) || caller.Has(Role.SiteAdmin) ? await read(id) : [])));
        return found.SelectMany(entry => entry.Items.Where(item => own.Contains(entry.Id) || touches(item, caller)));
    }

    private static async Task<StoredPlan?> Find(string id, IGrainFactory grains, Caller caller)
    {
        var plan = (await grains.Placement(RequestTargets.ApplicationOf(id)).Plans()).FirstOrDefault(plan => plan.Id == id);
        return plan is not null && (Touches(plan, caller) || await IsSeen(plan.Plan.Application, grains, caller)) ? plan : null;
    }

    private static async Task<bool> IsSeen(AppId application, IGrainFactory grains, Caller caller) =>
        (await grains.VisibleApplications(caller, application)).Any();

    private static bool Touches(StoredPlan stored, Caller caller) => caller.Has(Role.SiteAdmin)
        && (stored.Plan.Placement.Any(vm => caller.Administrates(vm.Location.Site)) || stored.Plan.Steps.Concat(stored.Plan.Later).Any(step => caller.Administrates(step.From.Site)));

    private static bool Touches(MigrationState migration, Caller caller) => caller.Has(Role.SiteAdmin)
        && (caller.Administrates(migration.Order.From.Site) || caller.Administrates(migration.Order.To.Site));

    private static PlanDocument DocumentOf(StoredPlan stored) => PlanDocument.Of(stored.Plan, stored.Id, stored.State);

    private static MigrationDocument DocumentOf(MigrationState state) => new(
        state.Order.Id, state.Plan, state.Order.Vm.Application.Value, state.Order.Vm.Vm.Value,
        PlanDocument.Place.Of(state.Order.From), PlanDocument.Place.Of(state.Order.To),
        Camel(state.Phase.ToString()), state.Order.Epoch, state.StartedAt, state.EndedAt,
        state.Refusal is { } refusal ? RefusalText.Of(refusal) : null, state.Refusal?.Code);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
