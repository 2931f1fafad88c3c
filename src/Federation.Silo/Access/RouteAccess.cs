using Federation.Domain.Access;

namespace Federation.Silo.Access;

/// <summary>Says of routes who may use them.</summary>
internal static class RouteAccess
{
    /// <summary>Open to these roles, and to federation administrators.</summary>
    public static RouteHandlerBuilder OpenTo(this RouteHandlerBuilder route, params Role[] roles) => route.WithMetadata(new AccessRule([.. roles]));

    /// <summary>Open to the administrators of the site that the route names, and to those of the federation.</summary>
    public static RouteHandlerBuilder OpenToItsSite(this RouteHandlerBuilder route) => route.WithMetadata(new AccessRule([Role.SiteAdmin], OwnSite: true));

    /// <summary>Who makes a request; <see cref="AccessMiddleware"/> has found out.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException($"{context.Request.Path} was let in without a caller");
}
