using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Federation.Portal.Assets;

/// <summary>Scripts and styles, out of the assembly, packed for browsers that can unpack them; they keep them and ask whether they are still the same.</summary>
internal static class PortalAssets
{
    private const string Packing = "gzip";

    private static readonly FrozenDictionary<string, (Asset Plain, Asset Packed)> All = Read();

    public static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet("/portal/assets/{name}", (string name, HttpContext context) =>
    {
        if (!All.TryGetValue(name, out var asset))
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        var isPacked = context.Request.GetTypedHeaders().AcceptEncoding.Any(way => way.Value == Packing && way.Quality is not 0);
        if (isPacked)
        {
            context.Response.Headers.ContentEncoding = Packing;
        }

        var sent = isPacked ? asset.Packed : asset.Plain;
        return Results.Bytes(sent.Content, TypeOf(name), entityTag: sent.Tag);
    }).AllowAnonymous();

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };

    private static FrozenDictionary<string, (Asset, Asset)> Read()
    {
        var assembly = typeof(PortalAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("asset/", StringComparison.Ordinal)).ToFrozenDictionary(
            name => name["asset/".Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return (Asset.Of(copy.ToArray()), Asset.Of(Pack(copy.ToArray())));
            },
            StringComparer.Ordinal);
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packing.Write(content);
        }

        return packed.ToArray();
    }

    private readonly record struct Asset(byte[] Content, EntityTagHeaderValue Tag)
    {
        public static Asset Of(byte[] content) => new(content, new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }
}
