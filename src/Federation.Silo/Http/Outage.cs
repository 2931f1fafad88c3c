using System.Data.Common;
using System.Globalization;
using Federation.Contracts;
using Federation.Storage;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Serialization;
using Orleans.Storage;

namespace Federation.Silo.Http;

/// <summary>Tells a database, or a part of the cluster, that is away for now from what is broken.</summary>
internal static class Outage
{
    // PostgreSQL's too_many_connections, as its messages begin: https://www.postgresql.org/docs/15/errcodes-appendix.html
    private const string TooManyConnections = "53300: ";

    /// <summary>Whether the database takes no more connections: waiting may help, an operator helps more.</summary>
    /// <remarks>By its words: of a fault at another silo there is often no more than those.</remarks>
    public static bool IsFull(Exception? fault) =>
        fault is not null && (fault.Message.Contains(TooManyConnections, StringComparison.Ordinal) || IsFull(fault.InnerException));

    /// <summary>Whether trying again later makes sense.</summary>
    /// <remarks>A grain's failure may arrive as a copy that has kept no more than the name of its type.</remarks>
    public static bool Is(Exception? fault) => fault switch
    {
        null => false,
        StorageUnavailableException or DbException or TimeoutException or SiloUnavailableException or OrleansMessageRejectionException => true,
        AggregateException many => many.InnerExceptions.Any(Is),
        // What another silo could not even tell: the message names the type.
        CodecNotFoundException lost => IsName(lost.Message),
        UnavailableExceptionFallbackException copy => IsName(copy.ExceptionType) || Is(copy.InnerException),
        _ => IsFull(fault) || Is(fault.InnerException),
    };

    private static bool IsName(string? type) => type is not null
        && (type.Contains(nameof(StorageUnavailableException), StringComparison.Ordinal) || type.Contains("Npgsql.", StringComparison.Ordinal));
}

/// <summary>What a part of the federation that is away could not answer, as 503: which site it is, or that another silo takes over.</summary>
internal sealed class FederationOutage : IExceptionHandler
{
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
