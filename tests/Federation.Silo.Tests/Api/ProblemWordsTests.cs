using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Federation.Api;
using Federation.Silo.Tests.Access;
using Federation.Silo.Tests.Making;
using Federation.Testing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Xunit;

namespace Federation.Silo.Tests.Api;

/// <summary>What a program such as fedctl shows of a "no" speaks no HTTP, whatever is refused; the detail may.</summary>
public sealed class ProblemWordsTests : IAsyncLifetime
{
    private static readonly string[] Bodies = ["{}", "{", "site: 1\nkind: none\n"];
    private RunningService service = null!;

    public async ValueTask InitializeAsync()
    {
        service = await RunningService.Start("--Federation:Limits:StrangersPerSecond=10000", "--Federation:Limits:StrangerBurst=10000");
        await service.Apply([.. SampleFiles.TwoClouds, SampleFiles.Application(vms: 1)]);
    }

    public async ValueTask DisposeAsync() => await service.DisposeAsync();

    [Fact]
    public async Task No_refusal_of_any_route_needs_HTTP_to_be_understood_and_what_helps_is_a_code()
    {
        var (problems, remedies) = (0, new HashSet<RemedyCode>());
        foreach (var (method, path) in Requests())
        {
            foreach (var (holder, body) in Variants(method))
            {
                using var response = await Send(holder, method, path, body);
                var said = $"{method} {path} as {holder ?? "nobody"} with {body}";
                ((int)response.StatusCode).ShouldNotBe(500, said);
                if ((int)response.StatusCode < 400)
                {
                    continue;
                }

                problems++;
                remedies.UnionWith(ShouldBeUnderstood(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), said));
            }
        }

        // Some were met, or nothing was tried.
        problems.ShouldBeGreaterThan(100);
        new[] { RemedyCode.GiveToken, RemedyCode.List, RemedyCode.TakeFromPage, RemedyCode.MatchReleases }.ShouldBeSubsetOf(remedies);
    }

    private static IEnumerable<RemedyCode> ShouldBeUnderstood(string text, string said)
    {
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty(said);
        var what = problem.TryGetProperty("what", out var without) ? without : problem.GetProperty("detail");
        var shown = new[] { what.GetString()! }
            .Concat(problem.TryGetProperty("faults", out var faults) ? faults.EnumerateArray().Select(fault => $"{fault}") : [])
            .Concat(problem.TryGetProperty("changes", out var changes) ? changes.EnumerateArray().Select(change => $"{change}") : []);
        foreach (var line in shown)
        {
            HttpWords.In(line).ShouldBeNull($"{said}: {line}");
        }

        return problem.TryGetProperty("remedy", out var remedy) ? [Enum.Parse<RemedyCode>(remedy.GetProperty("code").GetString()!, ignoreCase: true)] : [];
    }

    // Of every route the request that means something, one about what is not there, and one with a query out of bounds.
    private IEnumerable<(string Method, string Path)> Requests()
    {
        foreach (var route in service.Routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            var row = RouteRow.Table[route.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName];
            var pattern = route.RoutePattern.RawText!.TrimStart('/');
            yield return (row.Method, row.Path);
            yield return (row.Method, $"/{string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? "none.1.1" : part))}");
            yield return (row.Method, $"{row.Path}{(row.Path.Contains('?') ? '&' : '?')}limit=x&wait=-1&windows=0&as=x&until=x");
            yield return (row.Method, $"{row.Path}{(row.Path.Contains('?') ? '&' : '?')}after=x&before=x&application=none&plan=none&tenant=none&site=");
        }

        yield return ("GET", "/v1/planets");
        yield return ("PATCH", "/v1/sites");
        yield return ("POST", "/v1/plans/cg.1.1/approve");
        yield return ("GET", "/v1/plans?before=x");
    }

    private static IEnumerable<(string? Holder, string? Body)> Variants(string method)
    {
        string?[] holders = [null, "federation-admin", "other tenant", "site-admin"];
        return method is "PUT" or "POST"
            ? holders.SelectMany(holder => Bodies, (holder, body) => (holder, (string?)body))
            : holders.Select(holder => (holder, (string?)null));
    }

    private async Task<HttpResponseMessage> Send(string? holder, string method, string path, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        var token = holder is null ? null : service.TokenOf(holder);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, body.StartsWith("site", StringComparison.Ordinal) ? "text/plain" : "application/json");
        return await service.Stranger.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
