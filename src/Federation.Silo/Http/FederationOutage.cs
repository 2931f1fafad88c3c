using Federation.Contracts;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Storage;

namespace Federation.Silo.Http;

/// <summary>Two outages that concern a federation alone: a site without a silo, and a grain that another silo has taken over.</summary>
internal sealed class FederationOutage : IExceptionHandler
{
    /// <summary>Whether another silo takes over what was called: the same call may pass in a moment.</summary>
    public static bool IsTakenOver(Exception fault) => fault is SiloUnavailableException or OrleansMessageRejectionException or InconsistentStateException;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            SiteOfflineException offline => Offline(httpContext, offline),
            // Another silo knows better by now.
            InconsistentStateException => OutageProblems.Of(httpContext, OutageKind.Silo),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static IResult Offline(HttpContext context, SiteOfflineException offline)
    {
        context.Response.Headers.RetryAfter = "5";
        return Problems.Of(
            StatusCodes.Status503ServiceUnavailable, "Site offline", offline.Message, Advice.Silo(offline.Site), new Dictionary<string, object?> { ["site"] = offline.Site });
    }
}
