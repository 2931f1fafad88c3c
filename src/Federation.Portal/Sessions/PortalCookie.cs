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

    /// <summary>Sets the request's user, if its cookie names a session.</summary>
    public static void Recognize(HttpContext context, PortalSessions sessions)
    {
        if (IsPortal(context.Request.Path) && sessions.TryFind(context.Request.Cookies[SignInPages.CookieName], out var session))
        {
            context.User = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, session.Holder.Name), new Claim(SessionClaim, session.Id)], "portal"));
        }
    }
}
