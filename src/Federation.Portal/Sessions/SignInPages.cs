using System.Text.Encodings.Web;
using Federation.Client;
using Federation.Contracts.Access;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Federation.Portal.Sessions;

/// <summary>Signing in and out: plain pages without a script.</summary>
internal static class SignInPages
{
    public const string CookieName = "federation-portal";
    public const string SignInPath = "/portal/sign-in";
    public const string EndedPath = "/portal/sign-in?ended";
    public const string SignOutPath = "/portal/sign-out";

    /// <summary>Maps the pages.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SignInPath, (HttpContext context, IAntiforgery forgery) => Html("Sign in", SignInForm(context, forgery,
            context.Request.Query.ContainsKey("ended") ? "You are signed out: you did so, the time of the session was over, or its token is not good any more." : null))).AllowAnonymous();
        routes.MapPost(SignInPath, SignIn).AllowAnonymous();
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
        return await Begin(context, forgery, sessions, token);
    }

    private static async Task<IResult> Open(string code, HttpContext context, IAntiforgery forgery, PortalSessions sessions) =>
        sessions.TakeLink(code) is { } token
            ? await Begin(context, forgery, sessions, token)
            : Html("Sign in", SignInForm(context, forgery, "This link was used, or is older than two minutes. 'fedctl portal open' makes another one."), StatusCodes.Status410Gone);

    private static async Task<IResult> Begin(HttpContext context, IAntiforgery forgery, PortalSessions sessions, string token)
    {
        try
        {
            var session = await sessions.Begin(token, context.RequestAborted);
            // Lax: an address that a colleague sends opens what it names. Nothing is changed by such a request.
            context.Response.Cookies.Append(CookieName, session.Id, new()
            {
                HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", IsEssential = true,
            });
            return Results.LocalRedirect(WayBack(context) ?? "/portal");
        }
        catch (AccessDeniedException)
        {
            return Html("Sign in", SignInForm(context, forgery, "The service does not take this token: it is not one of its issuers', has expired or was taken back, or is not for people."), StatusCodes.Status403Forbidden);
        }
        catch (Exception fault) when (FederationClient.IsOutage(fault))
        {
            return Html("Sign in", SignInForm(context, forgery, "The service does not answer now. Try again in a moment."), StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> SignOut(HttpContext context, IAntiforgery forgery, PortalSessions sessions)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            return Results.LocalRedirect(SignOutPath);
        }

        if (sessions.TryFind(context.Request.Cookies[CookieName], out var session))
        {
            sessions.End(session);
        }

        context.Response.Cookies.Delete(CookieName);
        return Results.LocalRedirect(EndedPath);
    }

    private static string SignInForm(HttpContext context, IAntiforgery forgery, string? note) => $"""
        <h1>Sign in</h1>
        {(note is null ? "" : $"<p role=\"alert\">{HtmlEncoder.Default.Encode(note)}</p>")}
        <p>On the service's machine, <code>fedctl portal open</code> prints a link that signs you in. Or give your token:</p>
        <form method="post" action="{SignInPath}{(WayBack(context) is { } way ? HtmlEncoder.Default.Encode($"?to={Uri.EscapeDataString(way)}") : "")}">{Hidden(context, forgery)}
        <label for="token">Token</label> <input id="token" name="token" type="password" autocomplete="off" required maxlength="16384" />
        <button type="submit">Sign in</button></form>
        """;

    // Where somebody wanted to go; null: nowhere, or not to a page of the portal.
    private static string? WayBack(HttpContext context) =>
        $"{context.Request.Query["to"]}" is var to && to.StartsWith("/portal/", StringComparison.Ordinal) && to.Length <= 2048 && !to.Contains('\\', StringComparison.Ordinal) ? to : null;

    private static string Hidden(HttpContext context, IAntiforgery forgery)
    {
        var tokens = forgery.GetAndStoreTokens(context);
        return $"<input type=\"hidden\" name=\"{tokens.FormFieldName}\" value=\"{HtmlEncoder.Default.Encode(tokens.RequestToken!)}\" />";
    }

    private static IResult Html(string title, string body, int status = StatusCodes.Status200OK) => Results.Content(
        $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title} - OrleansFederation</title><link rel="stylesheet" href="/portal/assets/portal.css" /><link rel="icon" href="/portal/assets/icon.svg" /></head>
        <body><main class="plain">{body}</main></body></html>
        """, "text/html; charset=utf-8", statusCode: status);
}
