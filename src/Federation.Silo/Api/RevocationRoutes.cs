using Federation.Api;
using Federation.Contracts;
using Federation.Domain.Access;
using Federation.Silo.Access;
using Federation.Silo.Http;

namespace Federation.Silo.Api;

/// <summary>Tokens of the built-in issuer that are taken back before they end.</summary>
internal static class RevocationRoutes
{
    // A whole token that is taken for its identifier finds no route, and so does not get into the audit log.
    private const string IdPattern = "{token:length(32):regex(^[0-9a-f]*$)}";

    public static void MapRevocations(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/revocations", List).WithName("ListRevocations").Produces<RevocationDocument[]>().OpenTo(Role.Auditor)
            .WithDescription("Tokens that were taken back and could still be good otherwise, oldest first.");
        v1.MapPut($"/revocations/{IdPattern}", Revoke).WithName("RevokeToken").Produces<RevocationDocument>(201).ProducesProblem(400).OpenTo()
            .WithDescription("Takes the token of the built-in issuer with this identifier (jti) back: no silo takes it a few seconds from now on. It cannot be given back.");
    }

    private static async Task<RevocationDocument[]> List(IGrainFactory grains) => [.. (await grains.Revocations().List()).Select(DocumentOf)];

    private static async Task<IResult> Revoke(string token, RevocationRequest request, IGrainFactory grains, TimeProvider clock, HttpContext context)
    {
        if (Bounds.FaultOfLine("reason", request.Reason) is { } fault)
        {
            return Problems.Bad(fault);
        }

        var revoked = await grains.Revocations().Revoke(new(token.ToLowerInvariant(), $"{context.Caller()}", clock.GetUtcNow(), request.Reason ?? ""));
        return Results.Created("/v1/revocations", DocumentOf(revoked));
    }

    private static RevocationDocument DocumentOf(RevokedToken token) => new(token.Id, token.By, token.At, token.Reason);
}
