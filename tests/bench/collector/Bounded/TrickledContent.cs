using System.Net;
using System.Text;

namespace Federation.Collector.Bench.Bounded;

/// <summary>A batch of no windows that comes in tenths of a second, spaces in its middle.</summary>
internal sealed class TrickledContent : HttpContent
{
    private const int PartsPerSecond = 10;

    private readonly byte[] head = Encoding.UTF8.GetBytes($$"""{"sensor":"slow","boot":"{{Guid.NewGuid()}}","windows":[""");
    private readonly byte[] part;
    private readonly int parts;

    public TrickledContent(int bytesPerSecond, int seconds)
    {
        part = [.. Enumerable.Repeat((byte)' ', bytesPerSecond / PartsPerSecond)];
        parts = seconds * PartsPerSecond;
        Headers.ContentType = new("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(head, cancellationToken);
        for (var sent = 0; sent < parts; sent++)
        {
            await stream.WriteAsync(part, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1) / PartsPerSecond, TimeProvider.System, cancellationToken);
        }

        await stream.WriteAsync("]}"u8.ToArray(), cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = head.Length + (part.Length * (long)parts) + 2;
        return true;
    }
}
