using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Federation.Portal.Sessions;

/// <summary>Tells by its cookie whose a request for a page is.</summary>
internal static class PortalCookie
{
    /// <summary>The claim that names the session. Pages find the session by it; the cookie holds nothing else.</summary>
    public const string SessionClaim = "federation-portal-session";

    /// <summary>Where pages, and the connections that keep them up to date, are.</summary>
    public static bool IsPortal(PathString path) => path.StartsWithSegments("/portal") || path.StartsWithSegments("/_blazor") || path.StartsWithSegments("/_framework") || path == "/";

    /// <summary>Sets the request's user, if its cookie names a session. Otherwise a page leads to signing in and back, and no circuit is opened.</summary>
    /// <returns>Whether the request goes on.</returns>
    public static bool Recognize(HttpContext context, PortalSessions sessions)
    {
        var path = context.Request.Path;
        if (!IsPortal(path) || IsOpen(path))
        {
            return true;
        }

        if (sessions.TryFind(context.Request.Cookies[SignInPages.CookieName], out var session))
        {
            context.User = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, session.Holder.Name), new Claim(SessionClaim, session.Id)], "portal"));
            return true;
        }

        if (path.StartsWithSegments("/portal"))
        {
            context.Response.Redirect($"{SignInPages.SignInPath}?to={Uri.EscapeDataString($"{path}{context.Request.QueryString}")}");
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return false;
    }

    private static bool IsOpen(PathString path) =>
        path == "/" || path.StartsWithSegments(SignInPages.SignInPath) || path == IssuerPages.SignedOutPath || path == SignInPages.SignOutPath || path.StartsWithSegments("/portal/open") || path.StartsWithSegments("/portal/assets");
}
