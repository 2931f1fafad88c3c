using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace Federation.Silo.Http;

/// <summary>Says where the next page of a list is (RFC 8288).</summary>
internal static class Pages
{
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
