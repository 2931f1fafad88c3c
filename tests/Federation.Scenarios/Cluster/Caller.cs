using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Federation.Scenarios.Service;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Cluster;

/// <summary>Who calls the federation: asks one silo, and where that does not answer, the next, until one does.</summary>
/// <param name="silos">The silos, the one that is asked first at first.</param>
internal sealed class Caller(IReadOnlyList<ServiceProcess> silos)
{
    // Longer than any answer here takes; who hangs is left for the next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private int current;

    /// <summary>The longest that one call took, with all its attempts.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>What that call met, attempt by attempt: the silo's port, what came of it, and how many seconds after the call had begun.</summary>
    public string Met { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Begins to look for the longest anew.</summary>
    public void Forget() => (Longest, Met) = (TimeSpan.Zero, "");

    /// <summary>Calls until there is a yes.</summary>
    public async Task<JsonElement> Send(HttpMethod method, string path, string? body = null)
    {
        var (status, document) = await Ask(method, path, body);
        ((int)status).ShouldBeInRange(200, 299, document.ToString());
        return document;
    }

    /// <summary>Calls until there is an answer that is final, a yes or a no.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Document)> Ask(HttpMethod method, string path, string? body = null)
    {
        var began = TimeProvider.System.GetTimestamp();
        var met = new StringBuilder($"{method} {path}");
        while (true)
        {
            var answer = await Try(method, path, body);
            var took = TimeProvider.System.GetElapsedTime(began);
            met.Append(CultureInfo.InvariantCulture, $", :{silos[current].Http.BaseAddress!.Port} {answer?.Status.ToString() ?? "no"} at {took.TotalSeconds:0.00}");
            if (answer is { } final)
            {
                (Longest, Met) = took > Longest ? (took, met.ToString()) : (Longest, Met);
                return final;
            }

            current = (current + 1) % silos.Count;
            await Task.Delay(Pause, TimeProvider.System, Cancel);
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Document)?> Try(HttpMethod method, string path, string? body)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, Cancel);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await silos[current].Http.SendAsync(request, either.Token);
            var text = await response.Content.ReadAsStringAsync(either.Token);
            response.StatusCode.ShouldNotBe(HttpStatusCode.InternalServerError, $"{method} {path}: {text}");
            return response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout or HttpStatusCode.InsufficientStorage
                ? null
                : (response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException
            || (fault is OperationCanceledException && !Cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
