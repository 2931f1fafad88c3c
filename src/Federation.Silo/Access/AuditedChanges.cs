using Federation.Domain.Audit;
using Federation.Silo.Auditing;

namespace Federation.Silo.Access;

/// <summary>Writes every change into the audit log, before it is begun and after it has ended, and every "not allowed" that a route itself says.</summary>
/// <remarks>What cannot be written is not begun. Windows of traffic are no change: they are their own record.</remarks>
internal sealed class AuditedChanges(AuditTrail audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isChange = !HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint()!.Metadata.GetMetadata<NoChange>() is null;
        var who = $"{http.Caller()}";
        if (isChange)
        {
            await audit.Note(http, who, AuditOutcome.Begun, "");
        }

        try
        {
            var result = await next(context);
            var (status, detail) = AnswerOf(result);
            if (isChange || status == StatusCodes.Status403Forbidden)
            {
                await audit.Note(http, who, status < StatusCodes.Status400BadRequest ? AuditOutcome.Done : AuditOutcome.Refused, detail);
            }

            return result;
        }
        catch (Exception fault) when (isChange)
        {
            await audit.Note(http, who, AuditOutcome.Failed, fault.GetType().Name);
            throw;
        }
    }

    private static (int Status, string Detail) AnswerOf(object? result) => result switch
    {
        IValueHttpResult { Value: Microsoft.AspNetCore.Mvc.ProblemDetails problem } => (problem.Status ?? 0, $"{problem.Status} {problem.Detail}"),
        IStatusCodeHttpResult { StatusCode: { } status } => (status, $"{status}"),
        _ => (StatusCodes.Status200OK, "200"),
    };
}

/// <summary>Marks a route that is no GET and changes nothing that the audit log is about.</summary>
internal sealed class NoChange;
