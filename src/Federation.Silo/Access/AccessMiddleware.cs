using Federation.Domain;
using Federation.Domain.Access;
using Federation.Domain.Audit;
using Federation.Grains.Access;
using Federation.Silo.Auditing;
using Federation.Silo.Guarding;
using Federation.Silo.Http;
using Microsoft.AspNetCore.Authorization;

namespace Federation.Silo.Access;

/// <summary>Holds every request against its route's <see cref="AccessRule"/>. A route that has none, and does not say that it is open to all, is closed.</summary>
internal sealed class AccessMiddleware(
    RequestDelegate next, RequestTargets targets, AuditTrail audit, StrangerBudgets strangers, CallerTokens tokens)
{
    public async Task Invoke(HttpContext context)
    {
        var route = context.GetEndpoint() as RouteEndpoint;
        if (route?.Metadata.GetMetadata<IAllowAnonymous>() is not null || (route is null && !context.Request.Path.StartsWithSegments("/v1")))
        {
            await next(context);
            return;
        }

        var verdict = BearerToken.Of(context.Request) switch
        {
            null => new(null, "no token was sent"),
            { Length: > Limits.Text.Token } => new(null, $"the token has more than {Limits.Text.Token} characters"),
            var token => await tokens.VerifyAtApi(token),
        };
        if (verdict.Caller is not { } caller)
        {
            await Unknown(context, route, verdict.Refusal ?? "the token is not good");
            return;
        }

        if (await Refusal(context, route, caller) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        context.Features.Set(caller);
        CallOrigin.Current = new(caller, $"{context.Connection.RemoteIpAddress}");
        await next(context);
    }

    // A request for what does not exist goes on, to be told so.
    private async Task<IResult?> Refusal(HttpContext context, RouteEndpoint? route, Caller caller)
    {
        if (route is null)
        {
            return null;
        }

        if (route.Metadata.GetMetadata<AccessRule>() is not { } rule)
        {
            return await Refused(context, caller, "nobody has said who may do this: the route has no rule");
        }

        var target = await targets.Of(context, caller);
        switch (rule.Check(caller, target.Access))
        {
            case Admission.Hidden:
                await audit.Note(context, $"{caller}", AuditOutcome.Refused, $"the {target.Kind} belongs to another tenant");
                return target.NotFound();
            case Admission.Forbidden forbidden:
                return await Refused(context, caller, forbidden.Reason);
            default:
                // Before the request is looked at in any other way: a tenant cannot tell what is not there from what is not his.
                context.Features.Set(target);
                return target.Refusal();
        }
    }

    private async Task<IResult> Refused(HttpContext context, Caller caller, string reason)
    {
        await audit.Note(context, $"{caller}", AuditOutcome.Refused, reason);
        return Problems.Forbidden(reason);
    }

    private async Task Unknown(HttpContext context, RouteEndpoint? route, string reason)
    {
        if (!strangers.Spend(context))
        {
            await RequestLimits.TooMany(context).ExecuteAsync(context);
            return;
        }

        // Who asks for what there is not has refused himself.
        if (route is not null)
        {
            await audit.Note(context, "nobody", AuditOutcome.Refused, reason);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problems.Unauthorized(reason).ExecuteAsync(context);
    }
}

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
