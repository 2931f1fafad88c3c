using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Federation.Portal.Assets;

/// <summary>Scripts and styles, out of the assembly; browsers keep them and ask whether they are still the same.</summary>
internal static class PortalAssets
{
    private static readonly FrozenDictionary<string, (byte[] Content, EntityTagHeaderValue Tag)> All = Read();

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/portal/assets/{name}", (string name, HttpContext context) =>
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(asset.Content, TypeOf(name), entityTag: asset.Tag);
    }).AllowAnonymous();

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };

    private static FrozenDictionary<string, (byte[], EntityTagHeaderValue)> Read()
    {
        var assembly = typeof(PortalAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("asset/", StringComparison.Ordinal)).ToFrozenDictionary(
            name => name["asset/".Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return (copy.ToArray(), new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(copy.ToArray()))[..16]}\""));
            },
            StringComparer.Ordinal);
    }
}
