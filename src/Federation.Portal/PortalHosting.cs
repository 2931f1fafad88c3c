using Federation.Client;
using Federation.Portal.Assets;
using Federation.Portal.Components;
using Federation.Portal.Sessions;
using Federation.Portal.Watching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Federation.Portal;

/// <summary>Puts the portal into a program: the service itself, or one of its own.</summary>
public static class PortalHosting
{
    /// <summary>What a browser may load for a page and do with it: what the portal itself sends, and nothing in the page's text.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Whether a request is for the portal.</summary>
    public static bool IsPortal(PathString path) => PortalCookie.IsPortal(path);

    /// <summary>Adds its parts.</summary>
    /// <param name="services">The program's.</param>
    /// <param name="federation">The connection by which the portal calls grains.</param>
    /// <param name="signIn">The issuer at which people sign in; null: none.</param>
    /// <exception cref="ArgumentException">The issuer's settings are wrong.</exception>
    /// <exception cref="IOException">The file of the portal's secret there cannot be read.</exception>
    public static IServiceCollection AddPortal(this IServiceCollection services, Func<IServiceProvider, FederationClient> federation, IssuerSignIn? signIn = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(federation).AddSingleton<PortalSessions>().AddScoped<LiveFeed>();
        // Sessions are in memory, so forms need not outlive the program either.
        services.AddIssuer(signIn ?? new());
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(forgery =>
        {
            forgery.Cookie.Name = "federation-portal-form";
            forgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services;
    }

    /// <summary>Sends the headers that keep browsers from doing with a page what nobody meant, where the program does not send its own.</summary>
    public static IApplicationBuilder UsePortalHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next(context);
    });

    /// <summary>Knows the portal's users by their cookies. After routing, before the endpoints.</summary>
    public static IApplicationBuilder UsePortal(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetRequiredService<IssuerSignIn>().IsUsed)
        {
            // Takes the issuer's answer, at its own address, and nothing else.
            app.UseAuthentication();
        }

        app.Use((context, next) =>
            PortalCookie.Recognize(context, context.RequestServices.GetRequiredService<PortalSessions>()) ? next(context) : Task.CompletedTask);
        return app.UseAntiforgery();
    }

    /// <summary>Maps its pages, below <c>/portal</c>, and what keeps them up to date.</summary>
    public static void MapPortal(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => Results.LocalRedirect("/portal")).AllowAnonymous();
        routes.MapSignIn();
        routes.MapAssets();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(server =>
        {
            // The policy above is sent with all pages.
            server.ContentSecurityFrameAncestorsPolicy = null;
            server.DisableWebSocketCompression = true;
        }).AllowAnonymous().WithMetadata(new DisableRequestTimeoutAttribute());
    }
}
