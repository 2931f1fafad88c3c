using System.Security.Claims;
using System.Text.Encodings.Web;
using Federation.Contracts.Access;
using Federation.Credentials;
using Federation.Domain.Access;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Access;

/// <summary>Tokens that the service itself knows: the operator's, and those of sensors.</summary>
internal sealed class OwnTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IGrainFactory grains, OperatorToken? operatorToken = null)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "own";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        if (operatorToken?.Matches(token) == true)
        {
            return Known("operator", "the file token", Role.FederationAdmin);
        }

        CallerContext.Current = Caller.Service;
        return await SensorTokens.Find(token, grains) is { } sensor
            ? Known(sensor.Name, "the list of sensors", Role.Sensor, ClaimsOf(sensor))
            : AuthenticateResult.Fail("nobody has this token");
    }

    private static AuthenticateResult Known(string name, string issuer, Role role, params IEnumerable<Claim> more)
    {
        var identity = new ClaimsIdentity([new("sub", name), new("iss", issuer), new(ClaimName.Roles, RoleName.Of(role)), .. more], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private static IEnumerable<Claim> ClaimsOf(SensorPost sensor)
    {
        yield return new(ClaimName.Sensor, sensor.Name);
        yield return new(ClaimName.SensorSite, sensor.Place.Site.Value);
        if (sensor.Place.Host is { } host)
        {
            yield return new(ClaimName.SensorHost, host);
        }
    }
}
