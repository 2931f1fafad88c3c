using System.Collections.Immutable;
using System.Globalization;
using Federation.Domain.Applications;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Federation.Silo.Http;

/// <summary>Versions of descriptions as ETags (RFC 9110): <c>"3.12"</c> is incarnation 3, revision 12.</summary>
internal static class EntityTags
{
    /// <summary>A version as an ETag.</summary>
    public static EntityTagHeaderValue TagOf(ApplicationVersion version) => new($"\"{version}\"");

    /// <summary>What a request's <c>If-Match</c> and <c>If-None-Match</c> ask of the description in force.</summary>
    public static ChangeCondition Condition(this HttpRequest request)
    {
        var (match, none) = (Listed(request.Headers.IfMatch), Listed(request.Headers.IfNoneMatch));
        return new()
        {
            Exists = match is not null,
            OneOf = match is null || match.Contains(EntityTagHeaderValue.Any) ? null : Versions(match.Where(tag => !tag.IsWeak)),
            IsAbsent = none?.Contains(EntityTagHeaderValue.Any) == true,
            NoneOf = none is null ? null : Versions(none),
        };
    }

    /// <summary>The revision of a site that a request's <c>If-Match</c> names, <c>"4"</c>; null: it names none; -1, which no site has: what it names is no single revision.</summary>
    public static long? Revision(this HttpRequest request) => Listed(request.Headers.IfMatch) is not { } match ? null
        : match is [{ IsWeak: false } tag] && long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : -1;

    /// <summary>Whether a reader has this version already (<c>If-None-Match</c>), so that 304 answers it.</summary>
    public static bool IsKnown(this HttpRequest request, ApplicationVersion version) =>
        Listed(request.Headers.IfNoneMatch) is { } known
        && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(TagOf(version), useStrongComparison: false));

    // Null: the header is not there. What is no ETag matches nothing.
    private static IList<EntityTagHeaderValue>? Listed(StringValues header) =>
        header.Count == 0 ? null : EntityTagHeaderValue.TryParseList(header, out var tags) ? tags : [];

    private static ImmutableArray<ApplicationVersion> Versions(IEnumerable<EntityTagHeaderValue> tags) =>
        [.. tags.Select(tag => ApplicationVersion.TryParse(tag.Tag.ToString().Trim('"'), out var version) ? version : default)];
}
