using Federation.Contracts.Access;
using Federation.Domain.Access;
using Federation.Silo.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Access;

/// <summary>Holds every request against its route's <see cref="AccessRule"/>. A route that has none, and does not say that it is open to all, is closed.</summary>
internal sealed class AccessMiddleware(RequestDelegate next, RequestTargets targets, IOptions<IdentityOptions> identity)
{
    public async Task Invoke(HttpContext context)
    {
        var route = context.GetEndpoint() as RouteEndpoint;
        if (route?.Metadata.GetMetadata<IAllowAnonymous>() is not null || (route is null && !context.Request.Path.StartsWithSegments("/v1")))
        {
            await next(context);
            return;
        }

        var result = await context.AuthenticateAsync(TokenSchemes.Any);
        if (!result.Succeeded)
        {
            await Unknown(context, CallerClaims.ReasonOf(result));
            return;
        }

        var caller = CallerClaims.Read(result.Ticket, identity.Value);
        if (await Refusal(context, route, caller) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        context.Features.Set(caller);
        CallerContext.Current = caller;
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
            return Problems.Forbidden("nobody has said who may do this: the route has no rule");
        }

        var target = await targets.Of(context, caller);
        return rule.Check(caller, target.Access) switch
        {
            Admission.Hidden => target.NotFound(),
            Admission.Forbidden forbidden => Problems.Forbidden(forbidden.Reason),
            // Before the request is looked at in any other way: a tenant cannot tell what is not there from what is not his.
            _ => target.IsMissing ? target.NotFound() : null,
        };
    }

    private static Task Unknown(HttpContext context, string reason)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.Unauthorized(reason).ExecuteAsync(context);
    }
}
