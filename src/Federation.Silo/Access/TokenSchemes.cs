using System.Security.Claims;
using Federation.Credentials;
using Federation.Silo.Settings;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Federation.Silo.Access;

/// <summary>The kinds of tokens that the API takes: JSON web tokens of the built-in issuer and of issuers elsewhere, and the service's own.</summary>
internal static class TokenSchemes
{
    /// <summary>Looks at a token and asks the scheme whose kind it is.</summary>
    public const string Any = "any";

    /// <summary>Tokens of the built-in issuer.</summary>
    public const string BuiltIn = "built-in";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    /// <summary>Adds the schemes that the settings ask for.</summary>
    public static void AddTokenSchemes(this IServiceCollection services, ServiceOptions service, IdentityOptions identity)
    {
        var schemes = services.AddAuthentication(Any)
            .AddPolicyScheme(Any, null, any => any.ForwardDefaultSelector = context => SchemeOf(BearerToken.Of(context.Request), identity))
            .AddScheme<AuthenticationSchemeOptions, OwnTokens>(OwnTokens.SchemeName, null);
        if (identity.OperatorToken)
        {
            services.AddSingleton(OperatorToken.Load(service.TokenFile));
        }

        if (identity.BuiltIn)
        {
            services.AddSingleton<RevokedTokens>();
            var key = TokenIssuer.ReadOrMakeKey(identity.KeyFile.Length > 0 ? identity.KeyFile : service.IssuerKeyFile);
            schemes.AddJwtBearer(BuiltIn, bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters = Wanted(TokenIssuer.Audience);
                bearer.TokenValidationParameters.ValidIssuer = TokenIssuer.Name;
                bearer.TokenValidationParameters.IssuerSigningKey = new ECDsaSecurityKey(key);
                bearer.Events = new() { OnTokenValidated = RefuseRevoked };
            });
        }

        foreach (var issuer in identity.Issuers)
        {
            schemes.AddJwtBearer(issuer.Authority, bearer =>
            {
                bearer.MapInboundClaims = false;
                bearer.Authority = issuer.Authority;
                bearer.RequireHttpsMetadata = !issuer.IsLocal;
                bearer.TokenValidationParameters = Wanted(issuer.Audience);
            });
        }
    }

    private static async Task RefuseRevoked(TokenValidatedContext context)
    {
        var revoked = context.HttpContext.RequestServices.GetRequiredService<RevokedTokens>();
        if (context.Principal!.FindFirstValue(JwtRegisteredClaimNames.Jti) is { } id && await revoked.Has(id))
        {
            context.Fail(new TokenRevokedException());
        }
    }

    // A scheme is chosen by what the token says of itself; whether that is true, the scheme finds out.
    private static string SchemeOf(string? token, IdentityOptions identity)
    {
        if (token?.StartsWith("eyJ", StringComparison.Ordinal) != true || !new JsonWebTokenHandler().CanReadToken(token))
        {
            return OwnTokens.SchemeName;
        }

        var issuer = new JsonWebToken(token).Issuer;
        return identity.Issuers.FirstOrDefault(known => known.Authority.TrimEnd('/') == issuer.TrimEnd('/'))?.Authority
            ?? (identity.BuiltIn ? BuiltIn : OwnTokens.SchemeName);
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
}

/// <summary>The header <c>Authorization: Bearer TOKEN</c>.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token that a request carries; null: none.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && header[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;
}
