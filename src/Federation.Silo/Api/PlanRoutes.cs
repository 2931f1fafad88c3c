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
            .OpenTo(Role.Tenant, Role.Auditor);
        v1.MapGet("/plans", List).WithName("ListPlans").Produces<PlanDocument[]>().OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor).AsService();
        v1.MapGet("/plans/{plan}", Get).WithName("GetPlan").Produces<PlanDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor).AsService();
        v1.MapGet("/plans/{plan}/view", View).WithName("GetPlanView").Produces<PlacementView>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.Auditor);
        v1.MapPost("/plans/{plan}/apply", Apply).WithName("ApplyPlan").Produces<ApplyDocument>().Produces<ApplyDocument>(202)
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).OpenTo(Role.Tenant, Role.SiteAdmin);
        v1.MapGet("/migrations", Migrations).WithName("ListMigrations").Produces<MigrationDocument[]>()
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor).AsService();
        v1.MapGet("/migrations/{migration}", Migration).WithName("GetMigration").Produces<MigrationDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor).AsService();
    }

    private static async Task<IResult> Make(PlanRequest request, IGrainFactory grains, HttpContext context, CancellationToken cancel)
    {
        if (FaultOf(request) is { } fault)
        {
            return Problems.Bad(fault);
        }

        return await grains.Placement(context.Application()).Plan(request, cancel) is { } made
            ? Results.Created($"/v1/plans/{made.Id.Local}?tenant={Uri.EscapeDataString(made.Id.Application.Tenant.Value)}", DocumentOf(made))
            : context.Target().NotFound();
    }

    private static async Task<IResult> Pareto(PlanRequest request, int? points, IGrainFactory grains, HttpContext context, CancellationToken cancel)
    {
        var fault = points is < ParetoFront.FewestPoints or > ParetoFront.MostPoints
            ? $"points {points} is not from {ParetoFront.FewestPoints} to {ParetoFront.MostPoints}"
            : FaultOf(request);
        if (fault is not null)
        {
            return Problems.Bad(fault);
        }

        return await grains.Placement(context.Application()).Pareto(request, points ?? ParetoFront.DefaultPoints, cancel) is { } front
            ? Results.Ok(ParetoDocument.Of(front))
            : context.Target().NotFound();
    }

    private static string? FaultOf(PlanRequest request) =>
        request.Windows is < 1 or > 2880 ? $"windows {request.Windows} is not from 1 to 2880"
        : request.TimeLimitSeconds is <= 0 or > 120 ? $"timeLimitSeconds {request.TimeLimitSeconds} is not in (0, 120]"
        : request.Solver is { } solver && !Solvers.Names.Contains(solver) ? $"solver '{solver}' is none of {string.Join(", ", Solvers.Names)}"
        : null;

    private static async Task<IResult> List(string? application, string? tenant, IGrainFactory grains, RequestTargets targets, HttpContext context)
    {
        var asked = await targets.Asked(application, tenant, context.Caller());
        return asked.Refusal ?? Results.Ok((await Visible(asked.Application, context.Caller(), grains, id => grains.Placement(id).Plans(), Touches))
            .Select(DocumentOf).ToArray());
    }

    private static async Task<IResult> Get(IGrainFactory grains, HttpContext context) =>
        await Find(grains, context) is { } found ? Results.Ok(DocumentOf(found)) : context.Target().NotFound();

    private static async Task<IResult> View(IGrainFactory grains, HttpContext context) =>
        await grains.Placement(context.Application()).View(context.Target().Plan!.Value) is { } view ? Results.Ok(view) : context.Target().NotFound();

    private static async Task<IResult> Apply([FromQuery] string[]? approve, IGrainFactory grains, HttpContext context)
    {
        var approvals = (approve ?? []).Select(site => new SiteId(site)).ToImmutableArray();
        var caller = context.Caller();
        if (await Find(grains, context) is not { } found)
        {
            return context.Target().NotFound();
        }

        if (approvals.FirstOrDefault(site => !caller.Administrates(site)) is { Value: not null } other)
        {
            return Problems.Forbidden($"only an administrator of {other} approves for it");
        }

        if (approvals.IsEmpty && !caller.Sees(found.Id.Application.Tenant))
        {
            return Problems.Forbidden("a site's administrator can approve this plan (approve=SITE), and leaves the rest to its tenant");
        }

        return AnswerOf(context.Target(), await grains.Placement(found.Id.Application).Apply(found.Id, approvals));
    }

    private static IResult AnswerOf(RequestTarget plan, ApplyOutcome outcome) => outcome.Kind switch
    {
        ApplyKind.Unknown => plan.NotFound(),
        ApplyKind.Stale => Problems.Conflict(outcome.Text, outcome.Changes),
        ApplyKind.Refused => Problems.Conflict(outcome.Text),
        ApplyKind.Started => Results.Accepted($"/v1/plans/{plan.Name}", new ApplyDocument(DocumentOf(outcome.Plan!), Did: true, outcome.Text)),
        _ => Results.Ok(new ApplyDocument(DocumentOf(outcome.Plan!), Did: false, outcome.Text)),
    };

    private static async Task<IResult> Migrations(
        string? application, string? tenant, string? plan, IGrainFactory grains, RequestTargets targets, HttpContext context)
    {
        var asked = await targets.Asked(application, tenant, context.Caller());
        return asked.Refusal ?? Results.Ok((await Visible(asked.Application, context.Caller(), grains, id => grains.Placement(id).Migrations(), Touches))
            .Where(migration => plan is null || migration.Plan.Key == plan || migration.Plan.Local == plan).Select(DocumentOf).ToArray());
    }

    private static async Task<IResult> Migration(IGrainFactory grains, HttpContext context) =>
        await grains.Migration(context.Target().Migration!.Value).Get() is { } found
        && (context.Caller().Sees(found.Order.Vm.Application.Tenant) || Touches(found, context.Caller()))
            ? Results.Ok(DocumentOf(found))
            : context.Target().NotFound();

    // A tenant sees what is about its applications, a site's administrator what is about its site.
    private static async Task<IEnumerable<T>> Visible<T>(
        AppId? application, Caller caller, IGrainFactory grains, Func<AppId, Task<ImmutableArray<T>>> read, Func<T, Caller, bool> touches)
    {
        var looked = application is { } one ? [one]
            : (await grains.Federation().Applications()).Where(id => caller.Has(Role.SiteAdmin) || caller.Sees(id.Tenant));
        var found = await Task.WhenAll(looked.Order().Select(async id => (Id: id, Items: await read(id))));
        return found.SelectMany(entry => entry.Items.Where(item => caller.Sees(entry.Id.Tenant) || touches(item, caller)));
    }

    private static async Task<StoredPlan?> Find(IGrainFactory grains, HttpContext context)
    {
        var (application, caller) = (context.Application(), context.Caller());
        var plan = (await grains.Placement(application).Plans()).FirstOrDefault(plan => plan.Id == context.Target().Plan);
        return plan is not null && (Touches(plan, caller) || caller.Sees(application.Tenant)) ? plan : null;
    }

    private static bool Touches(StoredPlan stored, Caller caller) => caller.Has(Role.SiteAdmin)
        && (stored.Plan.Placement.Any(vm => caller.Administrates(vm.Location.Site)) || stored.Plan.Steps.Concat(stored.Plan.Later).Any(step => caller.Administrates(step.From.Site)));

    private static bool Touches(MigrationState migration, Caller caller) => caller.Has(Role.SiteAdmin)
        && (caller.Administrates(migration.Order.From.Site) || caller.Administrates(migration.Order.To.Site));

    private static PlanDocument DocumentOf(StoredPlan stored) => PlanDocument.Of(stored.Plan, stored.Id.Local, stored.State);

    private static MigrationDocument DocumentOf(MigrationState state) => new(
        state.Order.Id.Local, state.Plan.Local, state.Order.Vm.Application.Name, state.Order.Vm.Vm.Value,
        PlanDocument.Place.Of(state.Order.From), PlanDocument.Place.Of(state.Order.To),
        Camel(state.Phase.ToString()), state.Order.Epoch, state.StartedAt, state.EndedAt,
        state.Refusal is { } refusal ? RefusalText.Of(refusal) : null, state.Refusal?.Code);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
