using System.Collections.Immutable;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Federation.Domain.Traffic;

namespace Federation.Silo.Tests.Making;

/// <summary>Batches of windows as a sensor writes them.</summary>
internal static class Batches
{
    public static readonly Window Now = Window.LastClosed(TimeProvider.System.GetUtcNow());

    /// <summary>Its start, for queries: the clock may have passed the end of another window meanwhile, of which nothing is known.</summary>
    public static string Until => Now.Start.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null);

    /// <summary>A window so many before <see cref="Now"/>, in which a VM received packets of 100 bytes from the next one's address.</summary>
    public static PostedWindow Posted(string vm, int age, long sequence, long packets = 1, string? application = null) => new()
    {
        Sequence = sequence,
        Application = application,
        Vm = vm,
        Start = Now.Shift(-age).ToString(),
        Covered = 30,
        Records = [new() { Peer = "10.42.0.2", Direction = "received", Packets = packets, Bytes = 100 * packets }],
    };

    public static WindowBatch Of(string? application, params ImmutableArray<PostedWindow> windows) =>
        new() { Sensor = "host-1", Boot = Guid.NewGuid(), Application = application, Windows = windows };

    public static byte[] Json(this WindowBatch batch) => JsonSerializer.SerializeToUtf8Bytes(batch, WindowBatchJson.Default.WindowBatch);

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }

    public static Task<HttpResponseMessage> Send(this RunningService service, byte[] body, string? coding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (coding is not null)
        {
            content.Headers.ContentEncoding.Add(coding);
        }

        return service.Http.PostAsync(new Uri("/v1/windows", UriKind.Relative), content);
    }
}
