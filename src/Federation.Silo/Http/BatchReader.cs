using System.IO.Compression;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Federation.Silo.Http;

/// <summary>Makes batches of windows of bodies that have come, gzip or not, bounded in what they unpack to.</summary>
internal sealed class BatchReader(IOptions<ServiceOptions> options)
{
    private const string Gzip = "gzip";

    /// <summary>Why a request's body is not even received; null: it is.</summary>
    public static IResult? Unsupported(HttpRequest request)
    {
        if (!request.HasJsonContentType())
        {
            return Problems.Unsupported("send application/json");
        }

        if (Coding(request) is not ("" or "identity" or Gzip))
        {
            request.HttpContext.Response.Headers[HeaderNames.AcceptEncoding] = Gzip;
            return Problems.Unsupported("send the body as it is, or with Content-Encoding: gzip");
        }

        return null;
    }

    /// <summary>The batch, or why there is none.</summary>
    public async Task<(ParsedBatch? Batch, IResult? Refusal)> Read(HttpRequest request, ReceivedBody body, CancellationToken cancel)
    {
        try
        {
            var isPacked = Coding(request) == Gzip;
            var batch = await Read(body, isPacked, cancel);
            return batch is null ? (null, Problems.Bad("the body is null, a batch of windows is wanted")) : (batch, null);
        }
        catch (JsonException fault)
        {
            return (null, Problems.Bad($"the body is not a batch of windows: {fault.Message}"));
        }
        catch (InvalidDataException)
        {
            return (null, Problems.Bad("the body is not what gzip makes"));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Problems.TooLarge($"{fault.Message} (Federation:MaxBatchBytes); send less at once, in several requests"));
        }
    }

    // One window that is none makes the whole body unreadable at first: then the others are read by themselves.
    private async Task<ParsedBatch?> Read(ReceivedBody body, bool isPacked, CancellationToken cancel)
    {
        try
        {
            await using var unpacked = Unpacked(body, isPacked);
            await using var content = Bounded(unpacked);
            return await JsonSerializer.DeserializeAsync(content, WindowBatchJson.Default.WindowBatch, cancel) is { } batch ? new(batch, []) : null;
        }
        catch (JsonException)
        {
            await using var again = Unpacked(body, isPacked);
            await using var content = Bounded(again);
            using var document = await JsonDocument.ParseAsync(content, default, cancel);
            if (ParsedBatch.Of(document.RootElement) is { } others)
            {
                return others;
            }

            throw;
        }
    }

    private static Stream Unpacked(ReceivedBody body, bool isPacked) =>
        isPacked ? new GZipStream(body.Open(), CompressionMode.Decompress) : body.Open();

    private BoundedStream Bounded(Stream unpacked) => new(unpacked, options.Value.MaxBatchBytes);

    private static string Coding(HttpRequest request) => request.Headers.ContentEncoding.ToString();
}
