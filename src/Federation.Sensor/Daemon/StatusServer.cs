using System.Net;
using System.Text;

namespace Federation.Sensor.Daemon;

/// <summary>Serves <c>/status</c> (JSON) and <c>/metrics</c> (Prometheus) to this host, and nothing else to anybody.</summary>
/// <param name="address">Where, on this host.</param>
/// <param name="status">What is served as the status, JSON.</param>
/// <param name="metrics">What is served as metrics, in Prometheus' text form.</param>
public sealed class StatusServer(IPEndPoint address, Func<string> status, Func<string> metrics) : IDisposable
{
    private readonly HttpListener listener = new();

    /// <summary>Begins to listen.</summary>
    /// <returns>Why it cannot; null: it listens.</returns>
    public string? Start()
    {
        listener.Prefixes.Add($"http://{address}/");
        try
        {
            listener.Start();
            return null;
        }
        catch (HttpListenerException fault)
        {
            return fault.Message;
        }
    }

    /// <summary>Answers until it is stopped.</summary>
    public async Task Run(CancellationToken cancel)
    {
        await using var stop = cancel.Register(listener.Abort);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await Answer(await listener.GetContextAsync());
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException or IOException)
            {
                // Whoever asked has gone, or all is over.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Close();

    private async Task Answer(HttpListenerContext context)
    {
        var response = context.Response;
        var (type, body) = context.Request.Url?.AbsolutePath switch
        {
            "/status" => ("application/json", status()),
            "/metrics" => ("text/plain; version=0.0.4; charset=utf-8", metrics()),
            _ => ("text/plain", "there are /status and /metrics\n"),
        };
        response.StatusCode = type == "text/plain" ? 404 : 200;
        response.ContentType = type;
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        response.Close();
    }
}
