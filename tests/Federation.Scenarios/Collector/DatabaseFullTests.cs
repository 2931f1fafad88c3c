using System.Net;
using System.Text;
using Federation.Scenarios.Cluster;
using Federation.Scenarios.Service;
using Shouldly;
using Xunit;

namespace Federation.Scenarios.Collector;

/// <summary>PostgreSQL that takes fewer connections than the service wants.</summary>
public sealed class DatabaseFullTests
{
    private const int Callers = 24;
    private const int Rounds = 3;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_the_database_takes_no_more_connections_nothing_is_a_fault_of_the_service_and_what_to_do_is_said()
    {
        await using var sites = await ThreeSites.Start();
        await sites.Database.Stop();
        // Three of them are kept for superusers.
        await sites.Database.Resume(connections: 8);

        var answers = new List<(string Request, HttpStatusCode Status, string Body)>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var (method, path, body) in Requests($"app{caller}-{round}"))
                {
                    var (status, text) = await Send(sites.Silos[caller % sites.Silos.Count], method, path, body);
                    lock (answers)
                    {
                        answers.Add(($"{method} {path}", status, text));
                    }
                }
            }
        })));

        answers.ShouldAllBe(answer => answer.Status < HttpStatusCode.InternalServerError
            || answer.Status == HttpStatusCode.ServiceUnavailable || answer.Status == HttpStatusCode.GatewayTimeout);
        answers.ShouldContain(answer => answer.Body.Contains("max_connections", StringComparison.Ordinal));
        await sites.Database.Stop();
        await sites.Database.Resume();
        foreach (var (method, path, body) in Requests("after"))
        {
            var (status, text) = await Send(sites.Silos[0], method, path, body);
            while (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
                (status, text) = await Send(sites.Silos[0], method, path, body);
            }

            ((int)status).ShouldBeLessThan(500, $"{method} {path}: {text}");
        }
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests(string application) =>
    [
        ("PUT", $"/v1/applications/{application}", $$"""
            application: {{application}}
            tenant: astro
            objective: cost
            remaining: 2h
            vms: { count: 2, prefix: vm, firstAddress: 10.42.0.1, vcpus: 1, memory: 1GiB }
            """),
        ("GET", $"/v1/applications/{application}", null), ("GET", $"/v1/applications/{application}/traffic?windows=1", null),
        ("GET", $"/v1/applications/{application}/groups", null), ("POST", $"/v1/applications/{application}/plans", """{ "windows": 0, "timeLimitSeconds": 1 }"""),
        ("GET", "/v1/sites", null), ("GET", "/v1/audit", null), ("GET", "/v1/events?after=0", null), ("GET", "/v1/sensors", null),
    ];

    private static async Task<(HttpStatusCode Status, string Body)> Send(ServiceProcess service, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await service.Http.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }
}
