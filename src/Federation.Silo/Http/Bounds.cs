using System.Globalization;
using Federation.Domain;
using Federation.Silo.Settings;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace Federation.Silo.Http;

/// <summary>Holds what a request says against its bounds; what <see cref="Limits.Request"/> says of them.</summary>
internal static class Bounds
{
    /// <summary>Why a number is refused; null: it was left out, or is from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static string? FaultOf<T>(string name, T? value, T least, T most)
        where T : struct, IComparable<T> =>
        value is not { } number || (number.CompareTo(least) >= 0 && number.CompareTo(most) <= 0)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name} {number} is not from {least} to {most}");

    /// <summary>Why a number is refused; null: it was left out, or is more than 0 and at most <paramref name="most"/>.</summary>
    public static string? FaultOfPositive(string name, double? value, double most) =>
        value is null or > 0 && FaultOf(name, value, 0, most) is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{name} {value} is not more than 0 and at most {most}");

    /// <summary>Why a text for people is refused; null: it was left out, or is short enough.</summary>
    public static string? FaultOfLine(string name, string? text) =>
        text is { Length: > Limits.Text.Line } ? $"{name} has {text.Length} characters, more than {Limits.Text.Line}" : null;

    /// <summary>Bounds the bodies of routes, in bytes; the operator's own bound holds where it is less.</summary>
    public static TBuilder TakesBodiesOf<TBuilder>(this TBuilder route, long most)
        where TBuilder : IEndpointConventionBuilder
    {
        route.Add(endpoint => endpoint.Metadata.Add(
            new BodyBound(Math.Min(most, endpoint.ApplicationServices.GetRequiredService<IOptions<ServiceOptions>>().Value.MaxBodyBytes))));
        return route;
    }

    private sealed record BodyBound(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
