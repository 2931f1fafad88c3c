using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Domain.Refusals;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>The migrations that carry plans out.</summary>
internal static class MigrationRoutes
{
    public static void MapMigrations(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/migrations", List).WithName("ListMigrations").Produces<MigrationDocument[]>()
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapGet("/migrations/{migration}", Get).WithName("GetMigration").Produces<MigrationDocument>().ProducesProblem(404)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor);
        v1.MapPost("/migrations/{migration}/cancel", Cancel).WithName("CancelMigration").Produces<MigrationCancelDocument>(202).ProducesProblem(404)
            .ProducesProblem(409).OpenTo(Role.Tenant).WithDescription("Takes a migration back, until its VM is told to run at its destination. It ends a little later.");
    }

    private static async Task<IResult> List(
        string? application, string? tenant, string? plan, string? before, int? limit, IGrainFactory grains, RequestTargets targets, HttpContext context)
    {
        if (plan is not null)
        {
            var one = await targets.AskedPlan(plan, tenant, context.Caller());
            return one.Refusal() ?? Results.Ok((await grains.Plan(one.Plan!.Value).Migrations()).Select(MigrationTexts.DocumentOf).ToArray());
        }

        var (list, refusal) = await PlanRoutes.Asked(application, tenant, before, limit, waiting: null, targets, context);
        if (list is null)
        {
            return refusal!;
        }

        var page = await grains.Overview().Migrations(list);
        context.LinkNext("before", page.Next?.Key);
        return Results.Ok(page.Items.OrderBy(migration => migration.Order.Id).Select(MigrationTexts.DocumentOf).ToArray());
    }

    private static async Task<IResult> Get(IGrainFactory grains, HttpContext context) =>
        await grains.Migration(context.Target().Migration!.Value).Get() is { } found ? Results.Ok(MigrationTexts.DocumentOf(found)) : context.Target().NotFound();

    private static async Task<IResult> Cancel(IGrainFactory grains, HttpContext context)
    {
        var migration = grains.Migration(context.Target().Migration!.Value);
        var verdict = await migration.Cancel();
        return verdict.Refusal is { Code: RefusalCode.MigrationUnknown } ? context.Target().NotFound()
            : verdict.Refusal is { } refusal ? Problems.Conflict(refusal)
            : await migration.Get() is { } found
                ? Results.Accepted($"/v1/migrations/{found.Order.Id.Local}", new MigrationCancelDocument(MigrationTexts.DocumentOf(found), MigrationTexts.OfCancel(found)))
                : context.Target().NotFound();
    }
}
