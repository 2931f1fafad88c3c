using System.Globalization;
using Federation.Domain.Access;
using Federation.Silo.Outages;
using Microsoft.AspNetCore.Diagnostics;

namespace Federation.Silo.Http;

/// <summary>Where the service cannot do its work for now: what is out, what is known of the change that was asked for, and when to come again.</summary>
internal static class OutageProblems
{
    /// <summary>The answer to a request that met an outage.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What is out.</param>
    public static IResult Of(HttpContext context, OutageKind kind)
    {
        context.RequestServices.GetRequiredService<RecentOutages>().Note(kind);
        var words = OutageWords.Of(kind);
        var seconds = ((int)words.Delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        var (fate, look) = FateOf(context);
        return Results.Problem(
            type: words.Type,
            statusCode: words.Status,
            title: words.Title,
            detail: $"{words.Detail}; {fate}{(look is null ? "" : $": {look.InHttp}")}; try again in {seconds} s",
            extensions: Problems.ForPrograms($"{words.Detail}; {fate}", look));
    }

    // A request may have been carried out although no answer came: nothing is said of it that is not known.
    private static (string Fate, Advice? Look) FateOf(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || context.Features.Get<Caller>() is null)
        {
            // It asks for no change, or nobody has let it in yet.
            return ("nothing was changed", null);
        }

        // Of a request that has failed the server has forgotten the route by now, and keeps it here.
        var route = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return route?.Metadata.GetMetadata<SafeToRepeat>() is { } repeated
            ? (repeated.Why, null)
            : ("whether it was carried out is not known", Advice.Look(WhereToLook(request)));
    }

    // What a PUT or a DELETE is about is at its own address; what a POST makes or does is seen at what it is below.
    private static string WhereToLook(HttpRequest request)
    {
        var path = request.Path.Value!;
        if (!HttpMethods.IsPost(request.Method))
        {
            return path;
        }

        return path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
        {
            [_, "plans", var plan, ..] => $"/v1/plans/{plan}",
            [_, "applications", _, "plans"] => "/v1/plans",
            _ => path,
        };
    }
}

/// <summary>Marks a route whose requests can be sent again as they are, whatever became of them.</summary>
/// <param name="Why">What is said to who has to.</param>
internal sealed record SafeToRepeat(string Why);
