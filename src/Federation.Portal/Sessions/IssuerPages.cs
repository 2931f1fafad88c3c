using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Federation.Portal.Sessions;

/// <summary>Signing in at an OpenID Connect issuer: authorization code with PKCE.</summary>
internal static partial class IssuerPages
{
    public const string Scheme = "federation-portal-issuer";
    public const string BeginPath = "/portal/sign-in/issuer";

    /// <summary>Where the issuer sends people back to; it has to know this address.</summary>
    public const string CallbackPath = "/portal/signed-in";

    /// <summary>Where it sends them after signing out there; it has to know this address too.</summary>
    public const string SignedOutPath = "/portal/signed-out";

    /// <summary>How long the issuer may take for an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Adds what signing in at the issuer needs, if there is one.</summary>
    /// <exception cref="ArgumentException">Its settings are wrong.</exception>
    /// <exception cref="IOException">The file of the secret cannot be read.</exception>
    public static void AddIssuer(this IServiceCollection services, IssuerSignIn signIn)
    {
        if (signIn.Fault is { } fault)
        {
            throw new ArgumentException(fault);
        }

        services.AddSingleton(signIn).AddSingleton<IssuerTokens>();
        if (!signIn.IsUsed)
        {
            services.AddOptions<OpenIdConnectOptions>();
            return;
        }

        var secret = signIn.ClientSecretFile.Length > 0 ? File.ReadAllText(signIn.ClientSecretFile).Trim() : null;
        // A default scheme that nobody has: whose a request is, the portal's own cookie says, and not ASP.NET's authentication.
        services.AddAuthentication("nobody").AddOpenIdConnect(Scheme, issuer => Configure(issuer, signIn, secret));
    }

    /// <summary>Maps where signing in begins, and where the issuer's way out ends.</summary>
    public static void MapIssuer(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(BeginPath, Begin).AllowAnonymous();
        routes.MapGet(SignedOutPath, () => Results.LocalRedirect(SignInPages.EndedPath)).AllowAnonymous();
    }

    private static void Configure(OpenIdConnectOptions issuer, IssuerSignIn signIn, string? secret)
    {
        (issuer.Authority, issuer.ClientId, issuer.ClientSecret) = (signIn.Authority, signIn.ClientId, secret);
        issuer.RequireHttpsMetadata = !new Uri(signIn.Authority).IsLoopback;
        issuer.BackchannelTimeout = Patience;
        (issuer.ResponseType, issuer.UsePkce) = (OpenIdConnectResponseType.Code, true);
        // By the address, not by a form of the issuer's: cookies of the kind Lax come with it.
        issuer.ResponseMode = OpenIdConnectResponseMode.Query;
        issuer.Scope.Clear();
        foreach (var scope in signIn.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            issuer.Scope.Add(scope);
        }

        (issuer.CallbackPath, issuer.RemoteSignOutPath, issuer.SignedOutCallbackPath) = (CallbackPath, default, default);
        (issuer.MapInboundClaims, issuer.SaveTokens) = (false, true);
        foreach (var cookie in (CookieBuilder[])[issuer.NonceCookie, issuer.CorrelationCookie])
        {
            (cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy) = (true, SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        }

        // When the answer is right in all: state, nonce, verifier, signature of the identity token.
        issuer.Events.OnTicketReceived = SignedIn;
        issuer.Events.OnAccessDenied = NotLetIn;
        issuer.Events.OnRemoteFailure = NotSignedIn;
    }

    private static async Task<IResult> Begin(HttpContext context, IAntiforgery forgery, IssuerSignIn signIn)
    {
        if (!signIn.IsUsed)
        {
            return Results.LocalRedirect(SignInPages.SignInPath);
        }

        try
        {
            await context.ChallengeAsync(Scheme, new() { RedirectUri = SignInPages.WayBack(context) ?? "/portal" });
            return Results.Empty;
        }
        catch (Exception fault) when (IsAway(fault) && !context.Response.HasStarted)
        {
            return Away(context, forgery, signIn);
        }
    }

    private static async Task SignedIn(TicketReceivedContext received)
    {
        received.HandleResponse();
        var (context, signIn) = (received.HttpContext, received.HttpContext.RequestServices.GetRequiredService<IssuerSignIn>());
        var tokens = new SignInTokens(Saved(OpenIdConnectParameterNames.AccessToken) ?? "", Saved(OpenIdConnectParameterNames.RefreshToken), Saved(OpenIdConnectParameterNames.IdToken));
        var result = await SignInPages.Begin(context, context.RequestServices.GetRequiredService<IAntiforgery>(), context.RequestServices.GetRequiredService<PortalSessions>(), tokens,
            received.ReturnUri ?? "/portal", $"You are signed in at {signIn.Called}, but the service does not take the token that it gives you: it is for another service, or gives you no role here.");
        await result.ExecuteAsync(context);

        string? Saved(string name) => received.Properties?.GetTokenValue(name);
    }

    private static async Task NotLetIn(AccessDeniedContext denied)
    {
        denied.HandleResponse();
        var (context, signIn) = (denied.HttpContext, denied.HttpContext.RequestServices.GetRequiredService<IssuerSignIn>());
        await SignInPages.Html("Sign in", SignInPages.SignInForm(context, context.RequestServices.GetRequiredService<IAntiforgery>(), $"{signIn.Called} did not let you in."),
            StatusCodes.Status403Forbidden).ExecuteAsync(context);
    }

    private static async Task NotSignedIn(RemoteFailureContext failed)
    {
        failed.HandleResponse();
        var context = failed.HttpContext;
        var (forgery, signIn) = (context.RequestServices.GetRequiredService<IAntiforgery>(), context.RequestServices.GetRequiredService<IssuerSignIn>());
        LogFailed(context.RequestServices.GetRequiredService<ILogger<IssuerTokens>>(), signIn.Authority, failed.Failure?.Message);
        var answer = failed.Failure is { } fault && IsAway(fault) ? Away(context, forgery, signIn)
            : SignInPages.Html("Sign in", SignInPages.SignInForm(context, forgery, failed.Failure is OpenIdConnectProtocolException
                ? $"The answer of {signIn.Called} is not what it has to be. Try again."
                : "Signing in did not come to its end: it was begun in another browser, took too long, or was answered twice. Try again."), StatusCodes.Status400BadRequest);
        await answer.ExecuteAsync(context);
    }

    private static IResult Away(HttpContext context, IAntiforgery forgery, IssuerSignIn signIn) => SignInPages.Html("Sign in", SignInPages.SignInForm(context, forgery,
        $"{signIn.Called} ({signIn.Authority}) does not answer now. Try again in a moment, or sign in another way."), StatusCodes.Status503ServiceUnavailable);

    // How the libraries tell that the issuer's description, or its token endpoint, cannot be had.
    private static bool IsAway(Exception fault)
    {
        for (var at = fault; at is not null; at = at.InnerException)
        {
            if (at is HttpRequestException or IOException or TaskCanceledException)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(7101, LogLevel.Warning, "Somebody could not sign in at {Issuer}: {Reason}")]
    private static partial void LogFailed(ILogger log, string issuer, string? reason);
}
