using Federation.Portal;
using Federation.Silo.Observing;

namespace Federation.Silo.Guarding;

/// <summary>Headers that keep browsers and caches from doing with an answer what nobody meant.</summary>
internal static class SecurityHeaders
{
    // The API is for programs: there is nothing in its answers that a browser should run, show in a frame or keep.
    private const string ForPrograms = "default-src 'none'; frame-ancestors 'none'";

    // The dashboard is pages of its own, which draw with styles in their elements.
    private const string ForPages =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(DashboardHosting.Path) ? ForPages
            : PortalHosting.IsPortal(context.Request.Path) ? PortalHosting.ContentSecurityPolicy
            : ForPrograms;
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    });
}
