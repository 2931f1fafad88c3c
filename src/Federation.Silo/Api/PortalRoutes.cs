using System.Security.Cryptography;
using Federation.Api;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Portal.Sessions;
using Federation.Silo.Access;
using Federation.Silo.Http;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Api;

/// <summary>One-time links by which people who have a token come into the portal without typing it.</summary>
internal static class PortalRoutes
{
    public static void MapPortalLinks(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/portal/links", Make).WithName("MakePortalLink").Produces<PortalLinkDocument>(201).ProducesProblem(409)
            .OpenTo(Role.Tenant, Role.SiteAdmin, Role.Auditor)
            .WithDescription("A link that signs the request's caller in at the portal of this silo, once, within two minutes.");

    private static IResult Make(
        PortalSessions sessions, IOptions<IdentityOptions> identity, IOptions<ServiceOptions> service, TimeProvider clock, HttpContext context)
    {
        var token = BearerToken.Of(context.Request)!;
        // The operator's own is good at the API alone: for pages a token of the issuer stands for it, which can be taken back.
        if (context.RequestServices.GetService<OperatorToken>()?.Matches(token) == true)
        {
            if (!identity.Value.BuiltIn)
            {
                return Problems.Conflict("the token of the file 'token' is for the API alone, and the built-in issuer is off: sign in with a token of your issuer");
            }

            try
            {
                using var key = TokenIssuer.ReadOrMakeKey(identity.Value.KeyFile.Length > 0 ? identity.Value.KeyFile : service.Value.IssuerKeyFile);
                token = new TokenIssuer(key).Issue(context.Caller(), clock.GetUtcNow(), PortalSessions.Longest);
            }
            catch (CryptographicException)
            {
                return Problems.Conflict("this silo has the public half of the issuer's key alone and can make no token: sign in with one that 'fedctl token issue' made");
            }
        }

        var address = $"{context.Request.Scheme}://{context.Request.Host}/portal/open/{sessions.MakeLink(token)}";
        return Results.Created("/portal", new PortalLinkDocument(address, clock.GetUtcNow() + PortalSessions.LinkLifetime));
    }
}
