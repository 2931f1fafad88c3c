using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Federation.Domain.Access;
using Federation.Portal.Sessions;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Federation.Portal.Tests.Making;

/// <summary>A real OpenID Connect issuer on loopback, as an organisation has one: made with OpenIddict, with a page on which people say who they are.</summary>
internal sealed class OrganisationIssuer : IAsyncDisposable
{
    public const string Client = "federation-portal";
    private const string Server = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;
    private readonly WebApplication app;

    private OrganisationIssuer(WebApplication app, string address) => (this.app, Address) = (app, address);

    public string Address { get; }

    /// <summary>For whom its tokens are.</summary>
    public string Audience { get; set; } = "federation";

    /// <summary>How long a token is good.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The one of its addresses that is away, as <c>/connect/token</c>; <c>/</c>: all of it; null: none.</summary>
    public string? Away { get; set; }

    /// <summary>To whom it gives no token after the first.</summary>
    public string? Dismissed { get; set; }

    /// <summary>What a service needs to know of it, and its portal.</summary>
    public string[] Settings =>
    [
        $"--Federation:Identity:Issuers:0:Authority={Address}", $"--Federation:PortalSignIn:Authority={Address}", "--Federation:PortalSignIn:Name=Observatory",
    ];

    public static async Task<OrganisationIssuer> Start()
    {
        var address = $"http://127.0.0.1:{FreePort.Take()}";
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(address);
        builder.Logging.ClearProviders();
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetIssuer(new Uri(address)).SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token").SetEndSessionEndpointUris("connect/logout");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange().AllowRefreshTokenFlow().RegisterScopes("profile", "offline_access");
            server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            // It has one client and no database: who that is, is said here.
            server.EnableDegradedMode();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != Client || asked.RedirectUri?.EndsWith("/portal/signed-in", StringComparison.Ordinal) != true)
                {
                    asked.Reject("invalid_client", "no client of this name and address");
                }

                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(asked =>
            {
                if (asked.ClientId != Client)
                {
                    asked.Reject("invalid_client", "no client of this name");
                }

                return default;
            }));
            server.AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(asked =>
            {
                if (asked.PostLogoutRedirectUri?.EndsWith("/portal/signed-out", StringComparison.Ordinal) != true)
                {
                    asked.Reject("invalid_request", "no such address");
                }

                return default;
            }));
            server.UseAspNetCore().DisableTransportSecurityRequirement().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().EnableEndSessionEndpointPassthrough();
        });
        builder.Services.AddAuthentication();
        var issuer = new OrganisationIssuer(builder.Build(), address);
        issuer.Map();
        await issuer.app.StartAsync();
        // Its first answer makes its keys, which on a busy machine takes longer than a portal waits.
        using var http = new HttpClient();
        await http.GetStringAsync(new Uri($"{address}/.well-known/openid-configuration"));
        await http.GetStringAsync(new Uri($"{address}/.well-known/jwks"));
        return issuer;
    }

    /// <summary>Signs somebody in without a browser, and gives the tokens.</summary>
    public async Task<SignInTokens> TokensOf(string holder)
    {
        const string verifier = "0123456789012345678901234567890123456789012";
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var coded = await http.GetAsync(new Uri(QueryHelpers.AddQueryString($"{Address}/connect/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = Client, ["redirect_uri"] = "http://127.0.0.1/portal/signed-in", ["response_type"] = "code", ["scope"] = "openid profile offline_access",
            ["code_challenge"] = challenge, ["code_challenge_method"] = "S256", ["holder"] = holder,
        })));
        var code = QueryHelpers.ParseQuery(coded.Headers.Location!.Query)["code"].ToString();
        var (_, given) = await Redeem(code, "http://127.0.0.1/portal/signed-in", verifier);
        return new(given.GetProperty("access_token").GetString()!, given.GetProperty("refresh_token").GetString(), given.GetProperty("id_token").GetString());
    }

    /// <summary>Asks for the tokens of a code.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Answer)> Redeem(string code, string redirect, string? verifier)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = Client, ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifier,
        }.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!));
        using var answer = await http.PostAsync(new Uri($"{Address}/connect/token"), form);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private void Map()
    {
        app.Use(async (context, next) =>
        {
            if (Away is { } away && context.Request.Path.StartsWithSegments(away.TrimEnd('/')))
            {
                context.Abort();
                return;
            }

            await next(context);
        });
        app.UseRouting();
        app.UseAuthentication();
        app.MapGet("/connect/authorize", (HttpContext context) => $"{context.Request.Query["holder"]}" is not { Length: > 0 } holder ? Ask(context)
            : Tokens.Holders.TryGetValue(holder, out var caller) ? Results.SignIn(PrincipalOf(caller, context.GetOpenIddictServerRequest()!.GetScopes()), authenticationScheme: Server)
            : Results.Forbid(authenticationSchemes: [Server]));
        app.MapPost("/connect/token", async (HttpContext context) =>
        {
            var known = (await context.AuthenticateAsync(Server)).Principal!;
            var caller = Tokens.Holders.Values.Single(one => one.Name == known.GetClaim("sub"));
            return context.GetOpenIddictServerRequest()!.IsRefreshTokenGrantType() && caller.Name == Dismissed ? Results.Forbid(authenticationSchemes: [Server]) : Results.SignIn(PrincipalOf(caller, known.GetScopes()), authenticationScheme: Server);
        });
        app.MapMethods("/connect/logout", ["GET", "POST"], () => Results.SignOut(authenticationSchemes: [Server]));
    }

    private static IResult Ask(HttpContext context) => Results.Content(
        $"""
        <!DOCTYPE html><html lang="en"><title>Observatory</title><h1>Who are you?</h1><form action="/connect/authorize">
        {string.Join('\n', context.Request.Query.Select(field => $"<input type=\"hidden\" name=\"{field.Key}\" value=\"{WebUtility.HtmlEncode(field.Value)}\">"))}
        <label for="holder">You</label><input id="holder" name="holder"><button>Go on</button></form></html>
        """, "text/html; charset=utf-8");

    private ClaimsPrincipal PrincipalOf(Caller caller, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("organisation", "sub", "roles");
        identity.SetClaim("sub", caller.Name).SetClaims("roles", [.. caller.Roles.Select(RoleName.Of)])
            .SetClaims("tenants", [.. caller.Tenants.Select(tenant => tenant.Value)]).SetClaims("sites", [.. caller.Sites.Select(site => site.Value)]);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes).SetResources(Audience).SetAccessTokenLifetime(Lifetime);
        return principal;
    }
}
