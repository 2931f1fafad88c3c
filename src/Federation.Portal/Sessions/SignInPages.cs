using System.Text.Encodings.Web;
using Federation.Client;
using Federation.Contracts.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Federation.Portal.Sessions;

/// <summary>Signing in and out: plain pages without a script.</summary>
internal static class SignInPages
{
    public const string CookieName = "federation-portal";
    public const string SignInPath = "/portal/sign-in";
    public const string EndedPath = "/portal/sign-in?ended";
    public const string SignOutPath = "/portal/sign-out";

    private const string NotTaken = "The service does not take this token: it is not one of its issuers', has expired or was taken back, or is not for people.";

    /// <summary>Maps the pages.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SignInPath, (HttpContext context, IAntiforgery forgery) => Html("Sign in", SignInForm(context, forgery,
            context.Request.Query.ContainsKey("ended") ? "You are signed out: you did so, the time of the session was over, or its token is not good any more." : null))).AllowAnonymous();
        routes.MapPost(SignInPath, SignIn).AllowAnonymous();
        routes.MapIssuer();
        routes.MapGet("/portal/open/{code}", Open).AllowAnonymous();
        routes.MapGet(SignOutPath, (HttpContext context, IAntiforgery forgery) => Html("Sign out", $"""
            <h1>Sign out?</h1><form method="post" action="{SignOutPath}">{Hidden(context, forgery)}<button type="submit">Sign out</button> <a href="/portal">Stay</a></form>
            """)).AllowAnonymous();
        routes.MapPost(SignOutPath, SignOut).AllowAnonymous();
    }

    private static async Task<IResult> SignIn(HttpContext context, IAntiforgery forgery, PortalSessions sessions)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            return Html("Sign in", SignInForm(context, forgery, "The form was too old, or not this page's own: try again."), StatusCodes.Status400BadRequest);
        }

        var token = $"{(await context.Request.ReadFormAsync(context.RequestAborted))["token"]}".Trim();
        return await Begin(context, forgery, sessions, new(token), WayBack(context) ?? "/portal", NotTaken);
    }

    private static async Task<IResult> Open(string code, HttpContext context, IAntiforgery forgery, PortalSessions sessions) =>
        sessions.TakeLink(code) is { } token
            ? await Begin(context, forgery, sessions, new(token), "/portal", NotTaken)
            : Html("Sign in", SignInForm(context, forgery, "This link was used, or is older than two minutes. 'fedctl portal open' makes another one."), StatusCodes.Status410Gone);

    /// <summary>Begins a session, sets its cookie and sends its holder on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="forgery">For the form, if it has to be shown again.</param>
    /// <param name="sessions">Those there are.</param>
    /// <param name="tokens">What its holder has.</param>
    /// <param name="to">The page that he is sent on to, of this site.</param>
    /// <param name="notTaken">What he is told where the silos do not take the token.</param>
    public static async Task<IResult> Begin(HttpContext context, IAntiforgery forgery, PortalSessions sessions, SignInTokens tokens, string to, string notTaken)
    {
        try
        {
            var session = await sessions.Begin(tokens, context.RequestAborted);
            // Lax: an address that a colleague sends opens what it names. Nothing is changed by such a request.
            context.Response.Cookies.Append(CookieName, session.Id, new()
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", IsEssential = true,
            });
            return Results.LocalRedirect(to);
        }
        catch (AccessDeniedException)
        {
            return Html("Sign in", SignInForm(context, forgery, notTaken), StatusCodes.Status403Forbidden);
        }
        catch (Exception fault) when (FederationClient.IsOutage(fault))
        {
            return Html("Sign in", SignInForm(context, forgery, "The service does not answer now. Try again in a moment."), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> SignOut(HttpContext context, IAntiforgery forgery, PortalSessions sessions, IssuerTokens issuer)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect(SignOutPath);
        }

        context.Response.Cookies.Delete(CookieName);
        if (!sessions.TryFind(context.Request.Cookies[CookieName], out var session))
        {
            return Results.LocalRedirect(EndedPath);
        }

        sessions.End(session);
        // A form may lead to this site alone, by the policy of its pages, also by a redirection: a page of its own leads on to the issuer.
        return await issuer.WayOut(session.Tokens, $"{context.Request.Scheme}://{context.Request.Host}{IssuerPages.SignedOutPath}", context.RequestAborted) is not { } way
            ? Results.LocalRedirect(EndedPath)
            : Html("Signed out", $"""
                <h1>You are signed out here</h1><p><a href="{HtmlEncoder.Default.Encode(way)}">Sign out at your organisation, too</a></p>
                """, head: $"<meta http-equiv=\"refresh\" content=\"0;url={HtmlEncoder.Default.Encode(way)}\" />");
    }

    /// <summary>The ways in: the issuer's, if there is one, a link, a token.</summary>
    public static string SignInForm(HttpContext context, IAntiforgery forgery, string? note) => $"""
        <h1>Sign in</h1>
        {(note is null ? "" : $"<p role=\"alert\">{HtmlEncoder.Default.Encode(note)}</p>")}
        {(context.RequestServices.GetRequiredService<IssuerSignIn>() is { IsUsed: true } issuer
            ? $"<p><a class=\"button\" href=\"{IssuerPages.BeginPath}{Onward(context)}\">Sign in at {HtmlEncoder.Default.Encode(issuer.Called)}</a></p>" : "")}
        <p>On the service's machine, <code>fedctl portal open</code> prints a link that signs you in. Or give your token:</p>
        <form method="post" action="{SignInPath}{Onward(context)}">{Hidden(context, forgery)}
        <label for="token">Token</label> <input id="token" name="token" type="password" autocomplete="off" required maxlength="16384" />
        <button type="submit">Sign in</button></form>
        """;

    // Where somebody wanted to go; null: nowhere, or not to a page of the portal.
    public static string? WayBack(HttpContext context) =>
        $"{context.Request.Query["to"]}" is var to && to.StartsWith("/portal/", StringComparison.Ordinal) && to.Length <= 2048 && !to.Contains('\\', StringComparison.Ordinal) ? to : null;

    private static string Onward(HttpContext context) => WayBack(context) is { } way ? HtmlEncoder.Default.Encode($"?to={Uri.EscapeDataString(way)}") : "";

    private static string Hidden(HttpContext context, IAntiforgery forgery)
    {
        var tokens = forgery.GetAndStoreTokens(context);
        return $"<input type=\"hidden\" name=\"{tokens.FormFieldName}\" value=\"{HtmlEncoder.Default.Encode(tokens.RequestToken!)}\" />";
    }

    /// <summary>A page of one column without a script.</summary>
    public static IResult Html(string title, string body, int status = StatusCodes.Status200OK, string head = "") => Results.Content(
        $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title} - OrleansFederation</title><link rel="stylesheet" href="/portal/assets/portal.css" /><link rel="icon" href="/portal/assets/icon.svg" />{head}</head>
        <body><main class="plain">{body}</main></body></html>
        """, "text/html; charset=utf-8", statusCode: status);
}
