using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Federation.Silo.Http;

/// <summary>Pages of a list: which can be asked for, and where the next one is (RFC 8288).</summary>
internal static class Pages
{
    /// <summary>Why there is no such page; null: it can be asked for.</summary>
    /// <param name="limit">How many items are wanted; null: not said.</param>
    /// <param name="most">The most that a page has.</param>
    /// <param name="parameter">The parameter that says where the page begins.</param>
    /// <param name="place">What it says; null: it was left out.</param>
    /// <param name="isPlace">Whether that is a place in the list.</param>
    public static IResult? Fault(int? limit, int most, string parameter, string? place, bool isPlace) =>
        limit < 1 || limit > most ? Problems.Bad($"limit {limit} is not from 1 to {most}")
        : place is not null && !isPlace ? Problems.Bad($"{parameter} '{place}' is no place in the list", Advice.Page)
        : null;

    /// <summary>Adds a <c>Link</c> with <c>rel="next"</c>: the same request, from a place on. Null: this was the last page.</summary>
    public static void LinkNext(this HttpContext context, string parameter, string? place)
    {
        if (place is not null)
        {
            var query = new QueryBuilder(context.Request.Query.Where(pair => pair.Key != parameter).Append(new(parameter, new StringValues(place))));
            context.Response.Headers.Link = $"<{context.Request.PathBase}{context.Request.Path}{query}>; rel=\"next\"";
        }
    }
}
