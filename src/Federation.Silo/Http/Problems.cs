using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Contracts.Access;
using Federation.Yaml;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Diagnostics;

namespace Federation.Silo.Http;

/// <summary>Every "no" of the API as problem+json (RFC 9457).</summary>
internal static class Problems
{
    private const string SendLess = "send less at once";
    private const string LargerThanTaken = $"the body is larger than the service takes: {SendLess}";

    public static IResult NotFound(string what, string name, string remedy) => Results.Problem(
        statusCode: StatusCodes.Status404NotFound, title: "Not found", detail: $"there is no {what} '{name}'; {remedy}");

    public static IResult Unauthorized(string reason) => Results.Problem(
        statusCode: StatusCodes.Status401Unauthorized,
        title: "Not authorized",
        detail: $"{reason}; send the header 'Authorization: Bearer TOKEN' with a token of the service's issuer, or, embedded, of the file 'token' in its data folder");

    public static IResult Forbidden(string reason) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden, title: "Not allowed", detail: reason);

    public static IResult Bad(string detail) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest, title: "Bad request", detail: detail);

    public static IResult Faulty(ImmutableArray<Fault> faults) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The file has faults",
        detail: string.Join(Environment.NewLine, faults),
        extensions: new Dictionary<string, object?>
        {
            ["faults"] = faults.Select(fault => new { fault.File, fault.Line, fault.Key, fault.Value, Remedy = $"{fault.Problem}; {fault.Remedy}" }),
        });

    public static IResult Conflict(string detail, IEnumerable<string>? changes = null) => Results.Problem(
        statusCode: StatusCodes.Status409Conflict,
        title: "Conflict",
        detail: detail,
        extensions: new Dictionary<string, object?> { ["changes"] = changes ?? [] });

    public static IResult PreconditionFailed(string detail) => Results.Problem(
        statusCode: StatusCodes.Status412PreconditionFailed, title: "Another version", detail: detail);

    public static IResult Unanswerable(string detail, DateTimeOffset? answerableUntil) => Results.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "Not answerable as asked",
        detail: detail,
        extensions: new Dictionary<string, object?> { ["answerableUntil"] = answerableUntil });

    public static IResult Unsupported(string detail) => Results.Problem(
        statusCode: StatusCodes.Status415UnsupportedMediaType, title: "Unsupported media type", detail: detail);

    public static IResult TooLarge(string detail) => Results.Problem(
        statusCode: StatusCodes.Status413PayloadTooLarge, title: "Body too large", detail: detail);

    public static IResult TooSlow(string detail) => Results.Problem(
        statusCode: StatusCodes.Status408RequestTimeout, title: "Body too slow", detail: detail);

    public static IResult TooMany(HttpContext context, string detail, TimeSpan delay) =>
        Later(context, StatusCodes.Status429TooManyRequests, "Too many requests", detail, delay);

    public static IResult Busy(HttpContext context, string detail, TimeSpan delay) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, "Busy", detail, delay);

    /// <summary>Says what to do where the server itself refused, before any of our code was asked.</summary>
    public static void Complete(ProblemDetailsContext context) => context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
    {
        StatusCodes.Status413PayloadTooLarge => LargerThanTaken,
        StatusCodes.Status404NotFound => "there is no such address; /openapi/v1.json lists them",
        StatusCodes.Status405MethodNotAllowed => "this address does not know that method; /openapi/v1.json lists what it knows",
        StatusCodes.Status415UnsupportedMediaType => "send the header 'Content-Type: application/json'",
        _ => null,
    };

    /// <summary>What is left: a body that is too large or no JSON is the sender's, all else is ours.</summary>
    public static Task HandleUnexpected(HttpContext context)
    {
        var fault = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var problem = fault switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large => TooLarge($"{large.Message.TrimEnd('.')}: {SendLess}"),
            BadHttpRequestException bad => Results.Problem(statusCode: bad.StatusCode, title: "Bad request", detail: Whole(bad)),
            AccessDeniedException denied => Forbidden(denied.Message),
            JsonException bad => Bad($"the body is not the JSON that is expected: {bad.Message}"),
            _ when Outage.KindOf(fault) is { } outage => OutageProblems.Of(context, outage),
            _ => Results.Problem(statusCode: StatusCodes.Status500InternalServerError, title: "The service failed", detail: "its log says more"),
        };
        return problem.ExecuteAsync(context);
    }

    /// <summary>Whether what went wrong is the sender's: one that goes away in the middle of a body is no failure of the service for its log.</summary>
    public static bool IsSenders(Exception fault) => fault is BadHttpRequestException or AccessDeniedException or JsonException;

    // Whole seconds, as RFC 9110 has them; never none, or everybody comes back at once.
    private static IResult Later(HttpContext context, int status, string title, string detail, TimeSpan delay)
    {
        var seconds = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Results.Problem(statusCode: status, title: title, detail: $"{detail}; try again in {seconds} s");
    }

    private static string Whole(Exception fault) => fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message;
}

/// <summary>Where to look for those that exist, for somebody who named one that does not.</summary>
internal static class Remedy
{
    public const string Sites = "GET /v1/sites lists them";
    public const string Applications = "GET /v1/applications lists them";
    public const string Plans = "GET /v1/plans lists them";
    public const string Migrations = "GET /v1/migrations lists them";
}
