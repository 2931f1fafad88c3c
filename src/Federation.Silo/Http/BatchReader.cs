using System.IO.Compression;
using System.Text.Json;
using Federation.Domain.Traffic;
using Federation.Silo.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Federation.Silo.Http;

/// <summary>Reads batches of windows from bodies, gzip or not, bounded in size and in how many are in memory at once.</summary>
internal sealed class BatchReader(IOptions<ServiceOptions> options, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestQueue = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim places = new(options.Value.BatchesAtOnce);

    /// <summary>Waits for a place, which is given back by disposing it; null if there was none in time.</summary>
    public async Task<IDisposable?> Enter(CancellationToken cancel)
    {
        if (places.Wait(0, CancellationToken.None))
        {
            return new Place(places);
        }

        using var late = new CancellationTokenSource(LongestQueue, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            await places.WaitAsync(end.Token);
            return new Place(places);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The batch, or why there is none.</summary>
    public async Task<(WindowBatch? Batch, IResult? Refusal)> Read(HttpRequest request, CancellationToken cancel)
    {
        if (!request.HasJsonContentType())
        {
            return (null, Problems.Unsupported("send application/json"));
        }

        var coding = request.Headers.ContentEncoding.ToString();
        if (coding is not ("" or "identity" or "gzip"))
        {
            request.HttpContext.Response.Headers[HeaderNames.AcceptEncoding] = "gzip";
            return (null, Problems.Unsupported("send the body as it is, or with Content-Encoding: gzip"));
        }

        try
        {
            await using var unpacked = coding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            await using var body = new BoundedStream(unpacked, options.Value.MaxBatchBytes);
            var batch = await JsonSerializer.DeserializeAsync(body, WindowBatchJson.Default.WindowBatch, cancel);
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
    }

    public void Dispose() => places.Dispose();

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
