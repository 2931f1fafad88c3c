using System.Net;

namespace Federation.Collector.Bench.Bounded;

/// <summary>Plans asked for by HTTP.</summary>
internal static class Plans
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks for a plan and waits until it is made; the answer is the last one.</summary>
    /// <remarks>A service that answers with 202 is asked again where it says, until it says something else.</remarks>
    public static async Task<HttpResponseMessage> Make(HttpClient http, string application, object request, CancellationToken cancel)
    {
        using var body = World.Json(request);
        var answer = await http.PostAsync(new Uri($"/v1/applications/{application}/plans", UriKind.Relative), body, cancel);
        while (answer is { StatusCode: HttpStatusCode.Accepted, Headers.Location: { } where })
        {
            answer.Dispose();
            await Task.Delay(LooksEvery, TimeProvider.System, cancel);
            answer = await http.GetAsync(where, cancel);
        }

        return answer;
    }
}
