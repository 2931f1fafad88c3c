using Federation.Api;
using Federation.Contracts;
using Federation.Domain;
using Federation.Domain.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Who did what.</summary>
internal static class AuditRoutes
{
    public static void MapAudit(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/audit", List).WithName("ListAudit").Produces<AuditDocument[]>().ProducesProblem(400).OpenTo(Role.Auditor)
            .WithDescription("Audit entries after a sequence number, oldest first.");

    private static async Task<IResult> List(long? after, int? limit, IGrainFactory grains)
    {
        if ((Bounds.FaultOf("after", after, 0, long.MaxValue) ?? Bounds.FaultOf("limit", limit, 1, Limits.Request.AuditEntries)) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var records = await grains.Overview().Audit(after ?? 0, limit ?? Limits.Request.AuditEntries);
        return Results.Ok(records.Select(AuditDocument.Of).ToArray());
    }
}
