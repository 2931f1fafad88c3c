using System.Globalization;
using Federation.Contracts;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Storage;

namespace Federation.Silo.Http;

/// <summary>What a part of the federation that is away could not answer, as 503: which site it is, or that another silo takes over.</summary>
internal sealed class FederationOutage : IExceptionHandler
{
    /// <summary>Whether another silo takes over what was called: the same call may pass in a moment.</summary>
    public static bool IsTakenOver(Exception fault) => fault is SiloUnavailableException or OrleansMessageRejectionException or InconsistentStateException;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (problem, seconds) = exception switch
        {
            // Said where the database's other outages are.
            _ when Outage.IsFull(exception) => (null, 0),
            SiteOfflineException offline => (Offline(offline), 5),
            SiloUnavailableException or OrleansMessageRejectionException => (Later("a silo has gone away, another one takes over what it hosted"), 1),
            InconsistentStateException => (Later("another silo has taken over meanwhile, and knows better"), 1),
            _ => (null, 0),
        };
        if (problem is null)
        {
            return false;
        }

        httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static IResult Offline(SiteOfflineException offline) => Results.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable,
        title: "Site offline",
        detail: $"{offline.Message}; start one there, GET /v1/sites shows who is online",
        extensions: new Dictionary<string, object?> { ["site"] = offline.Site });

    private static IResult Later(string detail) => Results.Problem(
        statusCode: StatusCodes.Status503ServiceUnavailable, title: "Taking over", detail: $"{detail}; try again in 1 s");
}
