using System.Net;
using System.Net.Sockets;
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

    /// <summary>Posts it and takes the answer whenever it comes. HttpClient looks for it when the body is sent, and then finds a connection that the service has closed.</summary>
    /// <param name="sensor">Whose address and token it is posted with.</param>
    /// <exception cref="IOException">There was no answer.</exception>
    public async Task<HttpResponseMessage> Post(HttpClient sensor)
    {
        var address = sensor.BaseAddress!;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port);
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/windows HTTP/1.0\r\nHost: {address.Authority}\r\nAuthorization: {sensor.DefaultRequestHeaders.Authorization}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Headers.ContentLength}\r\n\r\n"));
        var sending = CopyToAsync(stream);
        var answer = await AnswerOf(stream);
        connection.Close();
        await Task.WhenAny(sending);
        return answer;
    }

    private static async Task<HttpResponseMessage> AnswerOf(Stream stream)
    {
        using var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read);
        }
        catch (IOException) when (read.Length > 0)
        {
            // It answered, and closed before it had read all.
        }

        var parts = Encoding.UTF8.GetString(read.ToArray()).Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        if (parts.Length < 2 || lines[0].Split(' ') is not [_, { Length: 3 } status, ..])
        {
            throw new IOException("the connection ended without an answer");
        }

        var type = lines.FirstOrDefault(line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase))?.Split(':')[1].Split(';')[0].Trim();
        return new((HttpStatusCode)int.Parse(status, null)) { Content = new StringContent(parts[1], Encoding.UTF8, type ?? "text/plain") };
    }
}
