using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Federation.Sensor.Daemon;

/// <summary>Serves <c>/status</c> (JSON) and <c>/metrics</c> (Prometheus) to this host, and nothing else to anybody.</summary>
internal sealed class StatusServer(IPEndPoint address, Func<SensorStatus> status, ILogger log) : IDisposable
{
    private readonly HttpListener listener = new();

    /// <summary>Begins to listen; without that the sensor works all the same, and this is told.</summary>
    /// <returns>Whether it listens.</returns>
    public bool Start()
    {
        listener.Prefixes.Add($"http://{address}/");
        try
        {
            listener.Start();
            log.Listening(address.ToString());
            return true;
        }
        catch (HttpListenerException fault)
        {
            log.ListeningFailed(address.ToString(), fault.Message);
            return false;
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
            "/status" => ("application/json", JsonSerializer.Serialize(status(), SensorStatusJson.Default.SensorStatus)),
            "/metrics" => ("text/plain; version=0.0.4; charset=utf-8", Metrics.Of(status())),
            _ => ("text/plain", "there are /status and /metrics\n"),
        };
        response.StatusCode = type == "text/plain" ? 404 : 200;
        response.ContentType = type;
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        response.Close();
    }
}
