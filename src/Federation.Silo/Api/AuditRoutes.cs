using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Who did what.</summary>
internal static class AuditRoutes
{
    private const int MostEntries = 1000;

    public static void MapAudit(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/audit", List).WithName("ListAudit").Produces<AuditDocument[]>().ProducesProblem(400).OpenTo(Role.Auditor)
            .WithDescription("Audit entries after a sequence number, oldest first.");

    private static async Task<IResult> List(long? after, int? limit, IGrainFactory grains)
    {
        if (after < 0 || limit is < 1 or > MostEntries)
        {
            return Problems.Bad($"after is 0 or more, limit from 1 to {MostEntries}");
        }

        var records = await grains.Overview().Audit(after ?? 0, limit ?? MostEntries);
        return Results.Ok(records.Select(AuditDocument.Of).ToArray());
    }
}
