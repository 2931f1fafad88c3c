using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Federation.Contracts.Access;
using Federation.Domain.Refusals;
using Federation.Yaml;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Diagnostics;

namespace Federation.Silo.Http;

/// <summary>Every "no" of the API as problem+json (RFC 9457).</summary>
internal static class Problems
{
    private const string SendLess = "send less at once";
    private const string LargerThanTaken = $"the body is larger than the service takes: {SendLess}";

    // What is wrong without what speaks HTTP, for programs that have words of their own for what helps.
    private const string What = "what";
    private const string RemedyMember = "remedy";

    public static IResult NotFound(string what, string name, Advice? advice) =>
        Of(StatusCodes.Status404NotFound, "Not found", $"there is no {what} '{name}'", advice);

    public static IResult Unauthorized(string reason) => Of(StatusCodes.Status401Unauthorized, "Not authorized", reason, Advice.Token);

    public static IResult Forbidden(string reason) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden, title: "Not allowed", detail: reason);

    public static IResult Bad(string detail, Advice? advice = null) => Of(StatusCodes.Status400BadRequest, "Bad request", detail, advice);

    public static IResult Faulty(ImmutableArray<Fault> faults) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        title: "The file has faults",
        detail: string.Join(Environment.NewLine, faults),
        extensions: new Dictionary<string, object?>
        {
            [What] = "the file has faults",
            ["faults"] = faults.Select(fault => new { fault.File, fault.Line, fault.Key, fault.Value, Remedy = $"{fault.Problem}; {fault.Remedy}" }),
        });

    public static IResult Conflict(string detail, Advice? advice = null) => Of(
        StatusCodes.Status409Conflict, "Conflict", detail, advice, new Dictionary<string, object?> { ["changes"] = Array.Empty<string>() });

    public static IResult Conflict(Refusal refusal) => Conflict(
        RefusalText.Of(refusal), refusal is { Code: RefusalCode.PlanMade, Arguments.Plan: { } plan } ? Advice.Cancel(plan) : null);

    public static IResult PreconditionFailed(string detail) => Results.Problem(
        statusCode: StatusCodes.Status412PreconditionFailed, title: "Another version", detail: detail);

    public static IResult Unanswerable(string detail, DateTimeOffset? answerableUntil) => Results.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity,
        title: "Not answerable as asked",
        detail: detail,
        extensions: new Dictionary<string, object?> { ["answerableUntil"] = answerableUntil });

    public static IResult Unsupported(string inHttp) => Of(
        StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", "the body is not in a form that the service takes", Advice.Description(inHttp));

    /// <summary>A "no" whose advice is said to those who speak HTTP, and given to programs as a code.</summary>
    public static IResult Of(int status, string title, string what, Advice? advice, IReadOnlyDictionary<string, object?>? also = null) => Results.Problem(
        statusCode: status, title: title, detail: Whole(what, advice), extensions: ForPrograms(what, advice).Concat(also ?? ForPrograms("", null)));

    /// <summary>The members by which programs say a "no" in words of their own; none where the detail speaks no HTTP.</summary>
    public static Dictionary<string, object?> ForPrograms(string what, Advice? advice) =>
        advice is null ? [] : new() { [What] = what, [RemedyMember] = advice.Remedy };

    public static IResult TooLarge(string detail) => Results.Problem(
        statusCode: StatusCodes.Status413PayloadTooLarge, title: "Body too large", detail: detail);

    public static IResult TooSlow(string detail) => Results.Problem(
        statusCode: StatusCodes.Status408RequestTimeout, title: "Body too slow", detail: detail);

    public static IResult TooMany(HttpContext context, string detail, TimeSpan delay) =>
        Later(context, StatusCodes.Status429TooManyRequests, "Too many requests", detail, delay);

    public static IResult Busy(HttpContext context, string detail, TimeSpan delay) =>
        Later(context, StatusCodes.Status503ServiceUnavailable, "Busy", detail, delay);

    /// <summary>Says what to do where the server itself refused, before any of our code was asked.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        (string What, Advice? Advice)? words = problem.Detail is not null ? null : problem.Status switch
        {
            StatusCodes.Status413PayloadTooLarge => (LargerThanTaken, null),
            StatusCodes.Status404NotFound => ("there is no such address", Advice.Description("/openapi/v1.json lists them")),
            StatusCodes.Status405MethodNotAllowed =>
                ("this address does not know that method", Advice.Description("/openapi/v1.json lists what it knows")),
            StatusCodes.Status415UnsupportedMediaType =>
                ("the body is not in a form that the service takes", Advice.Description("send the header 'Content-Type: application/json'")),
            _ => null,
        };
        if (words is not { } said)
        {
            return;
        }

        problem.Detail = Whole(said.What, said.Advice);
        foreach (var (name, value) in ForPrograms(said.What, said.Advice))
        {
            problem.Extensions[name] = value;
        }
    }

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

    private static string Whole(string what, Advice? advice) => advice is null ? what : $"{what}; {advice.InHttp}";

    private static string Whole(Exception fault) => fault.InnerException is { } inner ? $"{fault.Message} {inner.Message}" : fault.Message;
}
