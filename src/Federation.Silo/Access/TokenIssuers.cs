using System.Security.Claims;
using Federation.Credentials;
using Federation.Domain.Access;
using Federation.Domain.Applications;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Federation.Silo.Access;

/// <summary>The issuers whose signed tokens are taken: the built-in one and those elsewhere that the settings name.</summary>
internal sealed class TokenIssuers
{
    /// <summary>How far the clock of an issuer may be from this one's.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly Issuer? builtIn;
    private readonly List<Issuer> elsewhere;

    public TokenIssuers(IOptions<IdentityOptions> identity, IOptions<ServiceOptions> service)
    {
        var settings = identity.Value;
        if (settings.BuiltIn)
        {
            builtIn = BuiltIn(TokenIssuer.ReadOrMakeKey(settings.KeyFile.Length > 0 ? settings.KeyFile : service.Value.IssuerKeyFile));
        }

        elsewhere = [.. settings.Issuers.Select(Elsewhere)];
    }

    /// <summary>The issuer that a token claims to be of; whether that is true, its signature tells. Null: none that is trusted, or it is no JSON web token.</summary>
    public Issuer? Of(string token)
    {
        if (!token.StartsWith("eyJ", StringComparison.Ordinal) || !new JsonWebTokenHandler().CanReadToken(token))
        {
            return null;
        }

        try
        {
            var claimed = new JsonWebToken(token).Issuer.TrimEnd('/');
            return elsewhere.Find(known => known.Name == claimed) ?? builtIn;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Issuer BuiltIn(System.Security.Cryptography.ECDsa key)
    {
        var wanted = Wanted(TokenIssuer.Audience);
        wanted.ValidIssuer = TokenIssuer.Name;
        wanted.IssuerSigningKey = new ECDsaSecurityKey(key);
        return new(TokenIssuer.Name, wanted, new(), HasRevocations: true);
    }

    // Its keys are where its description says, and are asked for when the first token comes, and again when it has new ones.
    private static Issuer Elsewhere(IssuerOptions options)
    {
        var wanted = Wanted(options.Audience);
        wanted.ConfigurationManager = new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{options.Authority.TrimEnd('/')}/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = !options.IsLocal });
        return new(options.Authority.TrimEnd('/'), wanted, options, HasRevocations: false);
    }

    // Only what signs with a key of its own: a token "signed" with HMAC over the public key is the classic forgery.
    private static TokenValidationParameters Wanted(string audience) => new()
    {
        ValidAudience = audience,
        ClockSkew = ClockSkew,
        RequireExpirationTime = true,
        RequireSignedTokens = true,
        ValidAlgorithms =
        [
            SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384,
            SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256,
        ],
    };

    /// <summary>One issuer.</summary>
    /// <param name="Name">What its tokens' <c>iss</c> says, without a slash at the end.</param>
    /// <param name="Wanted">What its tokens have to be.</param>
    /// <param name="Claims">How it names claims.</param>
    /// <param name="HasRevocations">Whether its tokens can be taken back here.</param>
    internal sealed record Issuer(string Name, TokenValidationParameters Wanted, IssuerOptions Claims, bool HasRevocations)
    {
        /// <summary>The holder of one of its tokens; roles that the service does not know count for nothing.</summary>
        public Caller HolderOf(ClaimsIdentity claims) => new(
            claims.FindFirst("sub")?.Value ?? "somebody without a name",
            claims.FindFirst("iss")?.Value ?? Name,
            [.. All(claims, Claims.RolesClaim).Select(RoleName.Parse).OfType<Role>().Distinct()],
            [.. All(claims, Claims.TenantsClaim).Select(name => new Domain.Identity.TenantId(name))],
            [.. All(claims, Claims.SitesClaim).Select(name => new Domain.Identity.SiteId(name))],
            claims.FindFirst(ClaimName.Sensor)?.Value is { } sensor && claims.FindFirst(ClaimName.SensorSite)?.Value is { } site
                ? new SensorPost(sensor, new HostPlace(new(site), claims.FindFirst(ClaimName.SensorHost)?.Value))
                : null,
            claims.FindFirst(ClaimName.Host)?.Value is { } host && claims.FindFirst(ClaimName.HostSite)?.Value is { } hostSite
                ? new HostPost(new(hostSite), host)
                : null);

        // A claim with a list comes as one claim for each item.
        private static IEnumerable<string> All(ClaimsIdentity claims, string name) => claims.FindAll(name).Select(claim => claim.Value);
    }
}
