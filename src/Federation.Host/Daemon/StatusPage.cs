using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Domain.Guests;
using Federation.Domain.Json;
using Microsoft.Extensions.Logging;

namespace Federation.Host.Daemon;

/// <summary>Serves <c>/status</c> (JSON) and <c>/metrics</c> (Prometheus) to this host, and nothing else to anybody.</summary>
internal sealed class StatusPage(IPEndPoint address, Func<AgentState> state, ILogger log) : IDisposable
{
    private readonly HttpListener listener = new();

    /// <summary>Answers until it is stopped; where it cannot listen, the agent works all the same, and this is told.</summary>
    public async Task Run(CancellationToken cancel)
    {
        if (!Start())
        {
            return;
        }

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

    private bool Start()
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

    private async Task Answer(HttpListenerContext context)
    {
        var response = context.Response;
        var (type, body) = context.Request.Url?.AbsolutePath switch
        {
            "/status" => ("application/json", JsonSerializer.Serialize(state(), DomainJson.Options)),
            "/metrics" => ("text/plain; version=0.0.4; charset=utf-8", MetricsOf(state())),
            _ => ("text/plain", "there are /status and /metrics\n"),
        };
        response.StatusCode = type == "text/plain" ? 404 : 200;
        response.ContentType = type;
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        response.Close();
    }

    private static string MetricsOf(AgentState state)
    {
        var text = new StringBuilder();
        Add(text, "reports_total", "counter", "Reports made.", state.Reports);
        Add(text, "orders_total", "counter", "Orders that came.", state.Orders);
        Add(text, "answers_waiting", "gauge", "Answers that the service has not taken.", state.Answers);
        Add(text, "service_failing", "gauge", "Whether the service is not told, or does not say what to do.", state.Failure is null ? 0 : 1);
        text.Append("# HELP federation_host_vms Copies of VMs that are here, by what they do.\n# TYPE federation_host_vms gauge\n");
        foreach (var kind in Enum.GetValues<GuestState>())
        {
            text.Append(CultureInfo.InvariantCulture, $"federation_host_vms{{state=\"{kind.ToString().ToLowerInvariant()}\"}} {state.Guests.Count(guest => guest.State == kind)}\n");
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string kind, string help, long value) => text.Append(
        CultureInfo.InvariantCulture, $"# HELP federation_host_{name} {help}\n# TYPE federation_host_{name} {kind}\nfederation_host_{name} {value}\n");
}
