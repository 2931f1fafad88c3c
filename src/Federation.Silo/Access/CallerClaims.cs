using System.Security.Claims;
using Federation.Credentials;
using Federation.Domain.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Tokens;

namespace Federation.Silo.Access;

/// <summary>Reads from a token's claims who its holder is.</summary>
internal static class CallerClaims
{
    /// <summary>The holder of a token that was found good; roles that the service does not know count for nothing.</summary>
    public static Caller Read(AuthenticationTicket ticket, IdentityOptions identity)
    {
        var issuer = identity.Issuers.FirstOrDefault(known => known.Authority == ticket.AuthenticationScheme) ?? new IssuerOptions();
        var claims = ticket.Principal;
        return new(
            claims.FindFirstValue("sub") ?? "somebody without a name",
            claims.FindFirstValue("iss") ?? ticket.AuthenticationScheme,
            [.. All(claims, issuer.RolesClaim).Select(RoleName.Parse).OfType<Role>().Distinct()],
            [.. All(claims, issuer.TenantsClaim).Select(name => new Domain.Identity.TenantId(name))],
            [.. All(claims, issuer.SitesClaim).Select(name => new Domain.Identity.SiteId(name))],
            claims.FindFirstValue(ClaimName.Sensor) is { } sensor && claims.FindFirstValue(ClaimName.SensorSite) is { } site
                ? new SensorPost(sensor, new(new(site), claims.FindFirstValue(ClaimName.SensorHost)))
                : null);
    }

    /// <summary>Why a token was not taken, for its holder and for the audit log: without anything that the token says.</summary>
    public static string ReasonOf(AuthenticateResult result) => result switch
    {
        { None: true } => "no token was sent",
        { Failure: SecurityTokenExpiredException } => "the token has expired",
        { Failure: SecurityTokenNotYetValidException } => "the token is not good yet",
        { Failure: SecurityTokenInvalidIssuerException } => "the token is of an issuer that is not trusted here",
        { Failure: SecurityTokenInvalidAudienceException } => "the token is for another service",
        { Failure: TokenRevokedException revoked } => revoked.Message,
        { Failure: SecurityTokenException } => "the token's signature is not its issuer's",
        _ => "nobody has this token",
    };

    // A claim with a list comes as one claim for each item.
    private static IEnumerable<string> All(ClaimsPrincipal claims, string name) => claims.FindAll(name).Select(claim => claim.Value);
}
