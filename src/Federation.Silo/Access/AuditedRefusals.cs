using Federation.Domain.Audit;
using Federation.Silo.Auditing;

namespace Federation.Silo.Access;

/// <summary>Writes every "not allowed" that a route itself says into the audit log. Changes are written there by the grains that make them.</summary>
internal sealed class AuditedRefusals(AuditTrail audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (result is IValueHttpResult { Value: Microsoft.AspNetCore.Mvc.ProblemDetails { Status: StatusCodes.Status403Forbidden } problem })
        {
            var http = context.HttpContext;
            await audit.Note(http, $"{http.Caller()}", AuditOutcome.Refused, $"{problem.Status} {problem.Detail}");
        }

        return result;
    }
}
