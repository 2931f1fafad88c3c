using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Federation.Silo.Tests.Making;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Fuzz;

/// <summary>Every route with names and queries that nobody means.</summary>
public sealed partial class OddNamesTests
{
    private static readonly string[] Odd =
    [
        "%20", "%20cg", "%00", "%2F", "%2F%2F", "%2E", "%2E%2E", "..%2F..", "%25", "%C3%28", "%C3%BC", "%F0%9F%98%80", "%0A", "'", "%22", "*", "a.b.c", "cg.1", "cg.0.1", "cg.99999999999.1",
        "cg.1.1.1", "astro%2Fcg", "%2Fcg", "astro%2F", "%2561stro%2Fcg.1.1", "-", "{}", new('a', 4000),
    ];

    private static readonly string[] Queries = ["application", "tenant", "plan", "site", "sensor", "after", "limit", "wait", "windows", "until", "approximate", "as", "points", "approve", "waiting", "before"];

    [Fact]
    public async Task No_name_in_an_address_and_no_query_is_answered_as_a_failure_of_the_service()
    {
        await using var service = await RunningService.Start("--Federation:Limits:RequestsPerSecond=100000", "--Federation:Limits:RequestBurst=100000");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
        using var made = await service.Post("/v1/sensors", """{ "sensor": "host1", "site": "cheap" }""");
        var failures = new List<string>();
        foreach (var (method, pattern) in service.Routes.Select(route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET", route.RoutePattern.RawText!)))
        {
            var paths = Odd.Where(_ => pattern.Contains('{')).Select(name => Parameter().Replace(pattern, name.Replace("$", "$$", StringComparison.Ordinal)))
                .Concat(Queries.SelectMany(query => ((string[])["", "%20", "%00", "%C3%28", "-1", "astro%2Fcg.1"]).Select(value => $"{Parameter().Replace(pattern, "cg")}?{query}={value}")));
            foreach (var path in paths)
            {
                foreach (var token in method is "DELETE" ? [service.TokenOf("other tenant")] : (string[])[service.Token, service.TokenOf("tenant")])
                {
                    var status = await Status(service, token, method, path);
                    if (status >= 500)
                    {
                        failures.Add($"{method} {(path.Length > 100 ? path[..100] : path)}: {status}");
                    }
                }
            }
        }

        failures.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("self")]
    public async Task A_sensor_is_not_called_what_an_address_cannot_hold(string name)
    {
        await using var service = await RunningService.Start();
        await service.Apply(SampleFiles.TwoClouds);
        using var made = await service.Post("/v1/sensors", $$"""{ "sensor": "{{name}}", "site": "cheap" }""");
        ((int)made.StatusCode).ShouldBe(400);
        (await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("is no name");
    }

    private static async Task<int> Status(RunningService service, string token, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(
            $"{service.Address.ToString().TrimEnd('/')}{(path.StartsWith('/') ? path : $"/{path}")}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = method is "GET" or "DELETE" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
        using var response = await service.Stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return (int)response.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]*(\{[^}]*\}[^}]*)*\}")]
    private static partial Regex Parameter();
}
